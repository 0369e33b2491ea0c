"""The heads of the trail leave by letter, also to addresses outside the house, which are no membership's."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("sharing", "0010_a_pressure_noted_for_oneself")]

    operations = [
        migrations.AddField(
            model_name="outbox", name="address", field=models.EmailField(blank=True, default="", max_length=254)
        ),
        migrations.AlterField(
            model_name="outbox",
            name="recipient",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.membership"
            ),
        ),
        migrations.AddConstraint(
            model_name="outbox",
            constraint=models.CheckConstraint(
                condition=Q(recipient__isnull=False, address="") | Q(recipient__isnull=True) & ~Q(address=""),
                name="outbox_to_a_post_or_an_address",
            ),
        ),
    ]
