"""What the worker does. Tasks carry no content and can run twice without a further effect."""

from celery import shared_task
from django.db import transaction

from partners import clock
from sharing import outbox
from sharing.api import idempotency
from sharing.daily import digest, reminders, trail
from sharing.incidents import refusals


@shared_task(name="sharing.tasks.sweep_outbox", ignore_result=True)
def sweep_outbox() -> None:
    """Carry out what the outbox promises; hurried after each act, and by the schedule in any case."""
    outbox.sweep()


@shared_task(name="sharing.tasks.remind", ignore_result=True)
def remind() -> None:
    """Promise the reminders that are due; each is sent once, however often this runs."""
    with transaction.atomic():
        reminders.remind(clock.now())


@shared_task(name="sharing.tasks.send_digests", ignore_result=True)
def send_digests() -> None:
    """Promise the morning's letters: numbers only, one a day each, however often this runs."""
    with transaction.atomic():
        digest.send_digests(clock.now())


@shared_task(name="sharing.tasks.send_heads", ignore_result=True)
def send_heads() -> None:
    """Promise the letters of the day's head of the trail: one a day each, however often this runs."""
    with transaction.atomic():
        trail.send_heads(clock.now())


@shared_task(name="sharing.tasks.tell_alarms", ignore_result=True)
def tell_alarms() -> None:
    """Promise the letters of the alarms on the trail: one an alarm each, however often this runs."""
    with transaction.atomic():
        trail.send_alarms(clock.now())


@shared_task(name="sharing.tasks.purge_calls", ignore_result=True)
def purge_calls() -> None:
    """Remove the answers kept for programs that would ask again, once nobody will."""
    idempotency.purge(clock.now())


@shared_task(name="sharing.tasks.watch_refusals", ignore_result=True)
def watch_refusals() -> None:
    """Promise the letters about who was refused far more than is ordinary: one a day each, however often this runs."""
    with transaction.atomic():
        refusals.watch(clock.now())
