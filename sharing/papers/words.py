"""In which language a paper of sharing is: that of the page which asks for it."""

from django.utils.translation import get_language

from consent.notices import Language


def language_of_the_page() -> str:
    """`fr` or `en`."""
    return Language.EN if (get_language() or "").startswith(Language.EN) else Language.FR
