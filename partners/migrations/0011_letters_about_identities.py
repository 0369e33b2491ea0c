"""Letters about a linked identity of ProConnect."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("partners", "0010_what_an_account_leaves"),
    ]

    operations = [
        migrations.AlterField(
            model_name="accountletter",
            name="kind",
            field=models.CharField(
                choices=[
                    ("password_reset", "Choisir un nouveau mot de passe"),
                    ("password_changed", "Votre mot de passe a changé"),
                    ("new_browser", "Une session ouverte depuis un nouveau navigateur"),
                    ("proconnect_added", "Une identité ProConnect a été reliée à votre compte"),
                    ("proconnect_ended", "Une identité ProConnect a été déliée de votre compte"),
                ],
                max_length=30,
            ),
        ),
    ]
