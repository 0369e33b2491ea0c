"""The words of an answer to a call, in French typography."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("sharing", "0008_what_may_still_leave")]

    operations = [
        migrations.AlterField(
            "call",
            "answer",
            models.CharField(
                choices=[
                    ("nothing", "ni confirmé, ni infirmé"),
                    ("peril", "péril\xa0: rappel par le numéro officiel"),
                    ("to_legal", "transmis à la direction"),
                    ("attended", "j’ai comparu"),
                    ("institution_replied", "l’institution a répondu, hors de Tact"),
                ],
                max_length=30,
            ),
        ),
    ]
