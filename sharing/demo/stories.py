"""Every story of the demonstration, and who follows which."""

from .care import AGED, DISABILITY, LEAVING_HOSPITAL
from .children import ADOLESCENT, CMPP_CHILD, PICKED_UP, TIRED_PUPIL
from .protection import AT_HOME_MEASURE, ENTRUSTED, VIOLENCE, WORRYING
from .rights import ENERGY, SEPARATION, SHELTERED, UNPAID_RENT, YOUNG_ADULT
from .story import Story

STORIES: tuple[Story, ...] = (
    PICKED_UP,
    UNPAID_RENT,
    TIRED_PUPIL,
    SEPARATION,
    WORRYING,
    YOUNG_ADULT,
    AGED,
    ADOLESCENT,
    VIOLENCE,
    CMPP_CHILD,
    AT_HOME_MEASURE,
    ENTRUSTED,
    LEAVING_HOSPITAL,
    ENERGY,
    DISABILITY,
    SHELTERED,
)

BY_ROLE: dict[str, list[Story]] = {
    role: [story for story in STORIES if role in story.by]
    for role in sorted({role for story in STORIES for role in story.by})
}
