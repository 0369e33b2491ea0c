"""Which tests stay together when several processes share them: a file's, because they share what it set up; but for some files."""

from xdist.scheduler import LoadFileScheduling

APART = ("tests/browser/test_every_page.py::",)
"""Long files whose tests share nothing but the running site, of which each process has its own: any of them may go anywhere."""

TOGETHER = "tests/faults/"
"""Files that share a house of their own, which takes longer to build than to test: one process has them all."""

FIRST = (
    TOGETHER,
    "tests/house/test_run.py::",
    "tests/doors/test_matrix.py::",
    "tests/browser/",
    "tests/stateful/",
    "tests/replay/",
    "tests/demo/",
    "tests/look/test_look_in_the_browser.py::",
    "tests/attacks/",
    "tests/abuse/",
)
"""The longest, longest first: what mostly waits leaves the processor to another process meanwhile, and what comes last is short."""


def turn(nodeid: str) -> int:
    """When a test is handed out, among several processes; those of one turn keep their order."""
    return next((place for place, start in enumerate(FIRST) if nodeid.startswith(start)), len(FIRST))


class ByFile(LoadFileScheduling):
    """``--dist loadfile``, where each test of the first files above is handed out by itself, and the last ones all at once."""

    def _split_scope(self, nodeid: str) -> str:
        if nodeid.startswith(TOGETHER):
            return TOGETHER
        return nodeid if nodeid.startswith(APART) else super()._split_scope(nodeid)
