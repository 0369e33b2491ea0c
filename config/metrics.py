"""Figures for a supervisor (Prometheus), behind a token: how many requests, how long, what waits. Never an id, a path nor a name.

Requests are counted by the name of their route, their method and their status. Gunicorn's processes each count for themselves, in
files of a folder that the first one made before it divided; whoever answers adds them up.
"""

import hmac
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.db.models import Count, Min, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

SHARED = "PROMETHEUS_MULTIPROC_DIR"


def shared_folder() -> Path:
    """The folder of this process and of those that it will divide into; those of processes that are no more are removed."""
    folder = Path(settings.VAR) / "metrics"
    for one in folder.glob("[0-9]*"):
        if not Path(f"/proc/{one.name}").exists() and Path("/proc/self").exists():
            shutil.rmtree(one, ignore_errors=True)
    mine = folder / str(os.getpid())
    shutil.rmtree(mine, ignore_errors=True)  # of a process that had our number
    mine.mkdir(parents=True, mode=0o700)
    return mine


if settings.METRICS_TOKEN:
    # Before the library is loaded: it asks once.
    os.environ.setdefault(SHARED, str(shared_folder()))

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest  # noqa: E402
from prometheus_client.core import GaugeMetricFamily  # noqa: E402
from prometheus_client.exposition import CONTENT_TYPE_LATEST  # noqa: E402
from prometheus_client.multiprocess import MultiProcessCollector  # noqa: E402
from prometheus_client.registry import Collector  # noqa: E402

BUCKETS = (0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
# A hundred routes, each with a few statuses: some thousands of figures, however many people there are.
REQUESTS = Counter(
    "tact_requests", "Requests answered, by route, method and status", ["route", "method", "status"], registry=None
)
SECONDS = Histogram("tact_request_seconds", "Seconds to answer, by route", ["route"], buckets=BUCKETS, registry=None)


def count(*, route: str, method: str, status: int, seconds: float) -> None:
    """One request answered. `route`: its name, « - » where it reached none; a method that nobody knows is « other »."""
    if settings.METRICS_TOKEN:
        REQUESTS.labels(route, method if method in METHODS else "other", str(status)).inc()
        SECONDS.labels(route).observe(seconds)


@login_not_required
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Everything, for who sends the token (`Authorization: Bearer …`); for anybody else there is no such door."""
    given = request.headers.get("Authorization", "")
    wanted = f"Bearer {settings.METRICS_TOKEN}"
    if not settings.METRICS_TOKEN or not hmac.compare_digest(given.encode(), wanted.encode()):
        raise Http404
    registry = CollectorRegistry()
    if SHARED in os.environ:
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    else:
        registry.register(REQUESTS)
        registry.register(SECONDS)
    registry.register(Waiting())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


class Waiting(Collector):
    """What waits, asked of the database when it is read. Where the database does not answer, only that is said."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Each figure that can be had."""
        up = 1
        try:
            yield from self.figures()
        except DatabaseError:
            up = 0
        yield gauge("tact_database_up", "1 where the database answers", up)

    def figures(self) -> Iterator[GaugeMetricFamily]:
        """Letters, the seal, alarms."""
        from audit import alarms, heads
        from sharing.models import Outbox

        late = Q(handed_at__isnull=False)
        letters = Outbox.objects.filter(done_at=None).aggregate(
            waiting=Count("pk"), doubtful=Count("pk", filter=late), oldest=Min("created_at")
        )
        waited = (timezone.now() - letters["oldest"]).total_seconds() if letters["oldest"] else 0
        yield gauge("tact_letters_waiting", "Letters promised and not sent", letters["waiting"])
        yield gauge("tact_letters_in_doubt", "Of these, those that perhaps left", letters["doubtful"])
        yield gauge("tact_letters_oldest_seconds", "For how long the oldest has waited", waited)
        lag = heads.unsealed()
        yield gauge("tact_seal_waiting", "Entries of the trail that have no signed head yet", lag.count)
        yield gauge("tact_seal_lag_seconds", "For how long the oldest has waited", lag.seconds)
        standing = alarms.standing()
        yield gauge("tact_alarms", "Alarms on the trail that stand", len(standing))
        suspending = sum(one.kind in alarms.SUSPENDING for one in standing)
        yield gauge("tact_sharing_suspended", "1 where ordinary sharing is suspended", int(suspending > 0))


def gauge(name: str, words: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, words, value=value)
