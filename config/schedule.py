"""What is done again and again, by beat: each task finds what is due, so a turn that was missed is made up for at the next."""

from typing import Any

from celery.schedules import crontab

SCHEDULE: dict[str, dict[str, Any]] = {
    "empty-the-outbox": {"task": "sharing.tasks.sweep_outbox", "schedule": 5.0, "options": {"expires": 5}},
    "account-letters": {"task": "partners.tasks.write_letters", "schedule": 5.0, "options": {"expires": 5}},
    # Sessions that expired, tries and letters of before.
    "tidy-accounts": {"task": "partners.tasks.tidy", "schedule": crontab(minute=50), "options": {"expires": 3000}},
    # In Paris. Each finds again what it has not yet promised: a morning without the queue is made up for at the next turn.
    "remind": {"task": "sharing.tasks.remind", "schedule": crontab(minute=20), "options": {"expires": 3000}},
    # Each day; four turns, so that a machine that sleeps at night does it too.
    "access-log": {
        "task": "audit.tasks.keep_access_log",
        "schedule": crontab(hour="*/6", minute=40),
        "options": {"expires": 3000},
    },
    # The trail's head leaves the house each day from six on; a day without the queue is made up for at the next turn.
    "send-heads": {
        "task": "sharing.tasks.send_heads",
        "schedule": crontab(hour="6-23", minute=2),
        "options": {"expires": 3000},
    },
    "verify-asked": {"task": "audit.tasks.verify_asked", "schedule": 30.0, "options": {"expires": 25}},
    "watch-the-trail": {"task": "audit.tasks.watch", "schedule": 60.0, "options": {"expires": 50}},
    "watch-acts": {"task": "audit.tasks.watch_acts", "schedule": crontab(minute=50), "options": {"expires": 3000}},
    "tell-alarms": {"task": "sharing.tasks.tell_alarms", "schedule": 30.0, "options": {"expires": 25}},
    "watch-refusals": {
        "task": "sharing.tasks.watch_refusals",
        "schedule": crontab(minute="10,40"),
        "options": {"expires": 1500},
    },
    "purge-calls": {"task": "sharing.tasks.purge_calls", "schedule": crontab(minute=35), "options": {"expires": 3000}},
    "morning-digest": {
        "task": "sharing.tasks.send_digests",
        "schedule": crontab(hour="7-9", minute=5, day_of_week="mon-fri"),
        "options": {"expires": 3000},
    },
}
