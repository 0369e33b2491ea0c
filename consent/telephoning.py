"""A call: the numbers that were known before it, since a call that comes in does not prove who speaks (practice.md, part 4)."""

from dataclasses import dataclass

from .speakers import Speakers


@dataclass(frozen=True, slots=True)
class Known:
    """Who may be called back, and at which number; "" where it is in the service's own file."""

    who: str
    phone: str

    @property
    def dialled(self) -> str:
        """The number as a link dials it."""
        return "".join(char for char in self.phone if char.isdigit() or char == "+")


def known_numbers(speakers: Speakers) -> list[Known]:
    """Those whose word counts, each with the number that was written down for her before any call."""
    return [Known(one.label, one.representative.phone if one.representative else "") for one in speakers.people]
