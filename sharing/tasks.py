"""What the worker does. Tasks carry no content and can run twice without a further effect."""

from celery import shared_task

from sharing import outbox


@shared_task(name="sharing.tasks.sweep_outbox", ignore_result=True)
def sweep_outbox() -> None:
    """Carry out what the outbox promises; hurried after each act, and by the schedule in any case."""
    outbox.sweep()
