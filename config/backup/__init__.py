"""Saving Tact and putting it back: encrypted to people's keys, verified when it comes back (ADR 0042)."""


class BackupError(Exception):
    """Nothing was saved, or nothing was put back; the text is a sentence for whoever asked."""
