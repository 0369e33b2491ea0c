"""An exception to prior information is decided with somebody."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("consent", "0004_a_paper_belongs_to_a_conversation")]

    operations = [
        migrations.AddField(
            model_name="priorinformation",
            name="decided_with",
            field=models.CharField(blank=True, default="", max_length=120),
        ),
    ]
