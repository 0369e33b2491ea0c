"""Words that judge where a fact is expected (law.md, P-07): a hint to whoever writes, never a block."""

import re

from partners.search import normalised

# The first three stand in law.md; the others are their neighbours in daily writing.
_STEMS = (
    "toxique", "manipula", "alcoolique", "pervers", "instable", "ingerable", "hysterique", "menteu", "faineant",
    "paresseu", "demissionnaire", "carence", "negligent", "violent", "agressi", "irresponsable", "immature",
)  # fmt: skip
_JUDGING = re.compile(rf"\b(?:{'|'.join(_STEMS)})\w*")


def judging_words(text: str) -> list[str]:
    """The judging words of a text, in order, each once; what is between quotation marks is somebody's own words."""
    own = re.sub(r"«[^»]*»|“[^”]*”|\"[^\"]*\"", " ", text)
    return list(dict.fromkeys(_JUDGING.findall(normalised(own))))
