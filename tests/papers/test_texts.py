"""The texts themselves: none changed since it was published, each says all that the law asks, in plain words."""

from consent import notices

from .published import PUBLISHED


def test_no_version_of_a_notice_was_changed_since_it_was_published() -> None:
    """Change a sentence: add a version, then its digest in `published`."""
    now = {code: [notices.digest_of(text) for text in texts] for code, texts in notices.TEXTS.items()}
    assert now == PUBLISHED
