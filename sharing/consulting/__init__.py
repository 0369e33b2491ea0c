"""Speaking of a situation without the person being identified (law.md, P-05)."""
