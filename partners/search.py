"""Search as people spell: without case, accents, ligatures or hyphens. No extension of PostgreSQL is needed."""

import unicodedata

from django.db.models import Func, TextField

_FROM = "àáâãäåçèéêëìíîïñòóôõöùúûüýÿ’'-·"
_TO = "aaaaaaceeeeiiiinooooouuuuyy    "
assert len(_FROM) == len(_TO)


def normalised(text: str) -> str:
    """The spelling under which texts are compared; the same as `Normalised` makes in PostgreSQL."""
    text = unicodedata.normalize("NFC", text).lower().replace("œ", "oe").replace("æ", "ae")
    return " ".join(text.translate(str.maketrans(_FROM, _TO)).split())


class Normalised(Func):
    """`normalised`, in SQL, of a text expression."""

    template = (
        "translate(replace(replace(lower(normalize(%(expressions)s, NFC)), 'œ', 'oe'), 'æ', 'ae'),"
        f" '{_FROM.replace(chr(39), chr(39) * 2)}', '{_TO}')"
    )
    output_field = TextField()
