"""What a static file carries beside its type: it is nobody's page, is framed by nobody, and is read by no other site."""

POLICY = "default-src 'none'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'"


def add_headers(headers: dict[str, str], path: str, url: str) -> None:
    """WhiteNoise's hook, once a file. A drawing opened on its own runs nothing."""
    headers["Content-Security-Policy"] = POLICY
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
