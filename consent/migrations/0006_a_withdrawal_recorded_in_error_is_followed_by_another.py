"""An agreement is taken back again where the first withdrawal was recorded in error."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("consent", "0005_withheld_with_a_colleague")]

    operations = [
        migrations.AlterField(
            model_name="withdrawal",
            name="consent",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="consent.consent"
            ),
        ),
    ]
