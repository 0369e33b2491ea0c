"""Two questions asked by whoever keeps the house running: does the process live, and do its parts?"""

import redis
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe
from redis.backoff import NoBackoff
from redis.retry import Retry

from audit import heads

OK, DEGRADED, DOWN = "ok", "degraded", "down"
REDIS_SECONDS = 1
SEAL_SECONDS = 60
"""An entry that waits longer for its place under a signed head says that nobody seals."""


@login_not_required
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """200 as long as this process answers. Looks at nothing else, so that a slow database never restarts the web."""
    return HttpResponse("ok", content_type="text/plain")


@login_not_required
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """200 when pages can be served, 503 otherwise: a server that takes no writing serves none.

    Without Redis or the sealer it is "degraded": sharing works all the same.
    """
    parts = {"database": database_part(), "redis": redis_part()}
    parts["migrations"] = migrations_part() if parts["database"] == OK else DOWN
    parts["seal"] = seal_part() if parts["migrations"] == OK else DEGRADED
    ready = DOWN not in parts.values()
    return JsonResponse({"ready": ready, "parts": parts}, status=200 if ready else 503)


def database_part() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_is_in_recovery()")
            (follows_another,) = cursor.fetchone()
    except Error:
        connection.close()
        return DOWN
    return DOWN if follows_another else OK


def migrations_part() -> str:
    """Down when the schema is behind the code: the pages would fail one by one."""
    try:
        executor = MigrationExecutor(connection)
        pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except Error:
        return DOWN
    return DOWN if pending else OK


def redis_part() -> str:
    client = redis.Redis.from_url(
        settings.REDIS_URL,
        socket_timeout=REDIS_SECONDS,
        socket_connect_timeout=REDIS_SECONDS,
        retry=Retry(NoBackoff(), 0),
    )
    try:
        client.ping()
    except redis.RedisError:
        return DEGRADED
    finally:
        client.close()
    return OK


def seal_part() -> str:
    """Degraded where a committed entry has waited for its seal for more than a minute."""
    try:
        lag = heads.unsealed()
    except Error:
        return DEGRADED
    return DEGRADED if lag.seconds > SEAL_SECONDS else OK
