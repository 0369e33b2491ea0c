"""The paper is that of the conversation, once: it often comes back after the word was recorded."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("consent", "0003_the_persons_word")]

    operations = [
        migrations.RemoveField(model_name="consent", name="scan"),
        migrations.RemoveField(model_name="objection", name="scan"),
        migrations.RemoveField(model_name="priorinformation", name="scan"),
        migrations.RemoveField(model_name="refusal", name="scan"),
    ]
