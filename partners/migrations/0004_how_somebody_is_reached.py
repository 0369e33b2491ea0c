"""By what channel somebody may be reached: those without an account are called, or handed a sheet."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("partners", "0003_forums_and_narrowing"),
    ]

    operations = [
        migrations.AddField(
            model_name="membership",
            name="reached_by",
            field=models.CharField(
                choices=[
                    ("in_app", "dans Tact"),
                    ("spoken", "de vive voix"),
                    ("handed_over", "par remise d’un document"),
                ],
                default="in_app",
                max_length=20,
            ),
        ),
    ]
