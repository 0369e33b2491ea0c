"""A law held on every scenario is one test: it tries them all, and tells each on which it does not hold.

``parametrize`` made a test of every law on every scenario: eight tests in ten of the whole suite, each of which cost pytest more
than it costs to decide. What has one answer of its own to give, the verdict of a scenario, is still a test of its own.
"""

import functools
import inspect
from collections.abc import Callable, Iterable

import pytest

Law = Callable[..., None]
TOLD = 600
"""Characters of each failure that are shown; the first is shown whole, as pytest shows any."""


def over_each(values: Iterable[str], named: str = "name") -> Callable[[Law], Law]:
    """Make one test of a law written for one value, which takes it under that name; fixtures and parameters stay pytest's.

    Every value is tried whatever became of the others, and all those that fail are told. With nothing to try it fails too.
    """
    tried = tuple(values)

    def swept(law: Law) -> Law:
        @functools.wraps(law)
        def test(**given: object) -> None:
            failed = _failures(law, tried, named, given)
            if failed:
                told = "\n".join(f"{value}: {type(why).__name__}: {str(why)[:TOLD]}" for value, why in failed.items())
                message = f"{len(failed)} of {len(tried)} do not hold ({', '.join(failed)})\n{told}"
                raise AssertionError(message) from next(iter(failed.values()))
            assert tried, "nothing to try"

        signature = inspect.signature(law)
        others = [parameter for name, parameter in signature.parameters.items() if name != named]
        assert len(others) < len(signature.parameters), f"{law.__name__} takes no « {named} »"
        test.__signature__ = signature.replace(parameters=others)  # type: ignore[attr-defined]
        return test

    return swept


def _failures(law: Law, tried: Iterable[str], named: str, given: dict[str, object]) -> dict[str, BaseException]:
    failed: dict[str, BaseException] = {}
    for value in tried:
        try:
            law(**given, **{named: value})
        except (Exception, pytest.fail.Exception) as why:
            failed[value] = why
    return failed
