"""What gunicorn calls: Django's own handler, which a header of the caller's cannot break before any middleware is there."""

from typing import Any

from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.utils.http import parse_header_parameters


class Request(WSGIRequest):
    """Whoever writes to Tact writes in UTF-8: the alphabet that a `Content-Type` names is not followed, be it one or none."""

    def _set_content_type_params(self, meta: dict[str, Any]) -> None:
        try:
            self.content_type, self.content_params = parse_header_parameters(meta.get("CONTENT_TYPE", ""))
        except ValueError:
            self.content_type, self.content_params = "", {}


class Gate(WSGIHandler):
    """The one that makes our requests."""

    request_class = Request
