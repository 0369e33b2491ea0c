"""The queue of opinions and the first page look at drafts that may still leave: an index of those alone."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("sharing", "0007_letters_in_doubt")]

    operations = [
        migrations.AddIndex(
            model_name="draft",
            index=models.Index(
                fields=["author"],
                condition=Q(sent_at__isnull=True, discarded_at__isnull=True),
                name="draft_that_may_still_leave",
            ),
        ),
    ]
