"""What the worker does for the trail. Tasks carry nothing and can run twice without a further effect."""

from celery import shared_task

from . import access_log, monitoring, verifying


@shared_task(name="audit.tasks.verify_asked", ignore_result=True)
def verify_asked() -> None:
    """Do the verification that waits, or whose worker died; hurried when it is asked for, and by the schedule in any case."""
    verifying.carry_out()


@shared_task(name="audit.tasks.watch", ignore_result=True)
def watch() -> None:
    """Look whether the trail is sealed, its heads consistent, its guards in place, its verification done."""
    monitoring.watch()


@shared_task(name="audit.tasks.watch_acts", ignore_result=True)
def watch_acts() -> None:
    """Look whether every act has its entry, and every entry its act."""
    monitoring.watch_acts()


@shared_task(name="audit.tasks.keep_access_log", ignore_result=True)
def keep_access_log() -> None:
    """Make the months of the access log that are missing, and drop those that the policy no longer keeps."""
    access_log.keep()
