"""What a command writes may be cut short by whoever reads it: ``manage.py decide … | head -1``."""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management.base import OutputWrapper

CUT_SHORT = 128 + signal.SIGPIPE  # what a shell says of a program that a closed pipe has ended


@contextmanager
def until_the_reader_leaves(output: OutputWrapper) -> Iterator[None]:
    """Write as long as somebody reads; then end without a word, as any filter does, with the status CUT_SHORT."""
    try:
        yield
        output.flush()
    except BrokenPipeError:
        # What is left in the buffer goes nowhere, or Python would complain of it as it ends.
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, output.fileno())
        os.close(nowhere)
        sys.exit(CUT_SHORT)
