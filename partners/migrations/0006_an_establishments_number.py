"""The number of an establishment (SIRET), where it is known."""

from django.db import migrations, models

import partners.siret


class Migration(migrations.Migration):
    dependencies = [
        ("partners", "0005_the_directory_way"),
    ]

    operations = [
        migrations.AddField(
            model_name="institution",
            name="siret",
            field=models.CharField(blank=True, default="", max_length=14, validators=[partners.siret.check_siret]),
        ),
        migrations.AddConstraint(
            model_name="institution",
            constraint=models.CheckConstraint(
                condition=models.Q(("siret", ""), ("siret__regex", "^[0-9]{14}$"), _connector="OR"),
                name="siret_is_fourteen_digits",
            ),
        ),
    ]
