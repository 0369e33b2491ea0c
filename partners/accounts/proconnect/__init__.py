"""Entering by ProConnect, the State's provider of professional identities. Off unless configured (docs/proconnect.md, ADR 0037)."""
