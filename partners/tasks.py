"""What the worker does for accounts. Tasks carry nothing and can run twice without a further effect."""

from celery import shared_task

from partners.accounts import mailing, sessions, waiting


@shared_task(name="partners.tasks.write_letters", ignore_result=True)
def write_letters() -> None:
    """Write the letters about accounts that wait."""
    mailing.write()


@shared_task(name="partners.tasks.tidy", ignore_result=True)
def tidy() -> None:
    """Drop the sessions that expired, and the tries and letters of before."""
    sessions.forget()
    waiting.forget()
    mailing.forget()
