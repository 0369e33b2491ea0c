"""Two answers at once, on a database where commits are real: one stands."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from cases import rights
from cases.models import Rectification, RectificationAnswer
from tests import personas
from tests.rights.ways import CORRECTED, WRONG
from tests.sharing.test_two_at_once import in_thread


def test_of_two_answers_at_once_one_stands(own_database: str) -> None:
    territory = personas.build()
    for n in range(5):
        asked = rights.request_rectification(
            item=territory.absences, asked_by=None, text=f"{WRONG} ({n})", by=territory.camille
        )

        def attempt(act: Callable[..., object], asked: Rectification = asked) -> bool:
            try:
                act(rectification=asked, text=CORRECTED, by=territory.camille)
            except rights.AlreadyAnswered:
                return False
            return True

        with ThreadPoolExecutor(2) as pool:
            tried = [
                in_thread(pool, partial(attempt, act))
                for act in (rights.accept_rectification, rights.refuse_rectification)
            ]
            assert sorted(one.result(30) for one in tried) == [False, True]
        assert RectificationAnswer.objects.filter(rectification=asked).count() == 1
