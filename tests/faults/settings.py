"""Tact's own settings, but for the mail server, which the tests own, and the schedule, which they cannot wait for."""

import os

from config.settings import *  # noqa: F403
from config.settings import CELERY_BEAT_SCHEDULE

EMAIL_BACKEND = "tests.faults.mail.Backend"
# Served as the demonstration is; its territory is not loaded.
DEMO = False
# Each second what is every five seconds, every hour, every morning: the same tasks, far more often than they ever will be.
SCHEDULED = os.environ.get("FAULTS_SCHEDULED", "empty-the-outbox").split(",")
CELERY_BEAT_SCHEDULE = {
    name: {**CELERY_BEAT_SCHEDULE[name], "schedule": 1.0, "options": {"expires": 5}} for name in SCHEDULED
}
