"""Letters about second factors: added, removed, codes, lost."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("partners", "0011_letters_about_identities"),
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
                    ("factor_added", "Un second facteur a été ajouté à votre compte"),
                    ("factor_removed", "Un second facteur a été retiré de votre compte"),
                    ("factor_codes", "De nouveaux codes de secours ont été faits"),
                    ("factor_used", "Un code de secours a servi"),
                    ("factor_reset", "Votre second facteur perdu a été retiré"),
                    ("factor_waiting", "Une perte signalée attend une deuxième personne"),
                    ("proconnect_ended", "Une identité ProConnect a été déliée de votre compte"),
                ],
                max_length=30,
            ),
        ),
    ]
