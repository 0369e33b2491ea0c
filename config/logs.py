"""Logs name routes, counts and kinds of error; never a path, an identifier, a name, nor the text of an exception.

A path may hold the reference of a case, and a database error quotes the row it refused: neither leaves the process.
"""

import logging
import logging.config
import sys
import traceback
from typing import Any

import structlog
from structlog.types import EventDict, WrappedLogger

# Django writes the path in the message of these; the route and the status say as much.
LOGGERS_THAT_QUOTE_PATHS = ("django.request", "django.security", "django.server")


def route_name(request: Any) -> str:
    """The name of the route that a request reached; "-" when it reached none."""
    match = getattr(request, "resolver_match", None)
    return (match.view_name or "-") if match is not None else "-"


def without_paths(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """Replace the message of Django's own loggers, which quote the path, by the route and the status."""
    record: logging.LogRecord | None = event.get("_record")
    if record is not None and record.name.startswith(LOGGERS_THAT_QUOTE_PATHS):
        event["event"] = "refused" if record.levelno < logging.ERROR else "failed"
        event["route"] = route_name(getattr(record, "request", None))
        event["status"] = getattr(record, "status_code", None)
    return event


def error_without_text(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """Say what kind of exception was raised and where, leaving out its text."""
    exception = event.pop("exc_info", None)
    if exception is True:
        exception = sys.exc_info()
    if isinstance(exception, BaseException):
        exception = (type(exception), exception, exception.__traceback__)
    if exception and exception[0] is not None:
        frames = traceback.extract_tb(exception[2])[-6:]
        event["error"] = exception[0].__name__
        event["where"] = " < ".join(f"{f.filename.rsplit('/', 2)[-1]}:{f.lineno} {f.name}" for f in reversed(frames))
    return event


PROCESSORS: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    error_without_text,
]


def logging_settings(*, level: str) -> dict[str, Any]:
    """Django's LOGGING: one handler, one JSON object a line, on the standard error."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": [*PROCESSORS, without_paths],
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.JSONRenderer(ensure_ascii=False, sort_keys=True),
                ],
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            "django": {"handlers": [], "propagate": True, "level": level},
            "django.server": {"handlers": [], "propagate": True, "level": "WARNING"},
            "celery": {"level": "WARNING"},
            "kombu": {"level": "ERROR"},
        },
    }


def configure(settings: dict[str, Any]) -> None:
    """What Django calls as LOGGING_CONFIG: the standard library's logging and structlog say the same."""
    logging.config.dictConfig(settings)
    structlog.configure(
        processors=[*PROCESSORS, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
