"""The doors of programs: the same acts as the pages, by a token of one's own (docs/api.md, ADR 0039)."""
