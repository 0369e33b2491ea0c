"""`python -m config.probe`: does the web of this machine answer? Status 0 where it does; what a container asks of itself.

Asked under the name that the web answers to (`ALLOWED_HOSTS`): to any other, a production answers 400.
"""

import os
import sys
import urllib.request

ADDRESS = "http://127.0.0.1:8000/healthz"
SECONDS = 5


def name_of_the_house() -> str:
    """The first of `ALLOWED_HOSTS`; `.tact.example`, which stands for every name under it, gives its own."""
    first = os.environ.get("ALLOWED_HOSTS", "").split(",")[0].strip().removeprefix(".")
    return first if first and first != "*" else "127.0.0.1"


def main(address: str = ADDRESS) -> int:
    """Status 1 where nothing answers, or anything but 200."""
    asked = urllib.request.Request(address, headers={"Host": name_of_the_house()})  # noqa: S310  (our own address)
    try:
        with urllib.request.urlopen(asked, timeout=SECONDS) as answer:  # noqa: S310
            return 0 if answer.status == 200 else 1
    except OSError:
        return 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
