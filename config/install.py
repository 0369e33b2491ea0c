"""Install what Tact runs on into .venv, once per requirements.lock. Run by the Makefile, by whatever Python is there.

Written so that an old Python can read it, to say that it is too old. Standard library only.
"""

import errno
import hashlib
import os
import shutil
import subprocess
import sys
import time
from typing import List

BASE_DIR = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
LOCK = os.path.join(BASE_DIR, "requirements.lock")
VENV = os.path.join(BASE_DIR, ".venv")
PYTHON = os.path.join(VENV, "bin", "python")
STAMP = os.path.join(VENV, "installed-lock")
OLDEST = (3, 11)
NEWER_PYTHONS = ("python3.11", "python3.12", "python3.13", "python3.14")
DISK_WANTED_MB = 1200
SAY_EVERY_SECONDS = 10


class Refusal(Exception):
    """Why nothing was installed, in one sentence."""


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def answers(command: List[str]) -> bool:
    """The command runs and succeeds; a pyenv shim may exist and still fail."""
    try:
        with open(os.devnull, "w") as nowhere:
            return subprocess.call(command, stdout=nowhere, stderr=nowhere) == 0
    except OSError:
        return False


def recent_python() -> str:
    """A Python recent enough: this one, or another found beside it. Raises Refusal."""
    if sys.version_info >= OLDEST:
        return sys.executable
    for name in NEWER_PYTHONS:
        if answers([name, "-c", "import sys; sys.exit(sys.version_info < (3, 11))"]):
            return name
    found = ".".join(str(part) for part in sys.version_info[:3])
    raise Refusal("Tact needs Python 3.11 or later; this one is %s. On Debian: sudo apt-get install python3" % found)


def fingerprint() -> str:
    """What was asked for: the lock, by the interpreter of .venv, in this very folder (scripts hold its path)."""
    with open(LOCK, "rb") as file:
        lock = hashlib.sha256(file.read()).hexdigest()
    version = subprocess.check_output([PYTHON, "-c", "import sys; print(sys.version)"]).decode().strip()
    return "%s\n%s\n%s\n" % (lock, version, VENV)


def installed() -> bool:
    """The stamp says that this lock is in this .venv already."""
    if not answers([PYTHON, "-c", "import sys; sys.exit(sys.version_info < (3, 11))"]):
        return False
    try:
        with open(STAMP) as file:
            return file.read() == fingerprint()
    except IOError:
        return False


def make_venv(python: str) -> None:
    if answers([PYTHON, "-c", "import pip, sys; sys.exit(sys.version_info < (3, 11))"]):
        return
    say("· A virtual environment is being made in .venv")
    if subprocess.call([python, "-m", "venv", "--clear", VENV]) != 0:
        raise Refusal("The virtual environment could not be made. On Debian: sudo apt-get install python3-venv")


def install() -> None:
    """pip, with every hash checked; one line every ten seconds says how far it is. Raises Refusal."""
    if shutil.disk_usage(BASE_DIR).free < DISK_WANTED_MB * 1024 * 1024 and not os.path.exists(STAMP):
        raise Refusal("The disk is full: installing Tact takes %d MB in %s." % (DISK_WANTED_MB, BASE_DIR))
    with open(LOCK) as file:
        total = sum(1 for line in file if "==" in line)
    say("· %d packages are being installed (the first time takes a minute or two)" % total)
    command = [PYTHON, "-m", "pip", "install", "--require-hashes", "--no-deps", "--no-input", "--progress-bar", "off"]
    command += ["--disable-pip-version-check", "--no-compile", "-r", LOCK]
    pip = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, universal_newlines=True)
    seen, said = 0, time.time()
    last = []  # type: List[str]
    for line in pip.stdout or ():
        last = (last + [line.rstrip()])[-40:]
        if line.startswith(("Collecting", "Requirement already")):
            seen += 1
        elif line.startswith("Installing collected"):
            say("  all fetched, now being put in place")
            said = time.time()
        if time.time() - said > SAY_EVERY_SECONDS:
            say("  %d of %d" % (seen, total))
            said = time.time()
    if pip.wait() != 0:
        text = "\n".join(last)
        if "No space left" in text or os.strerror(errno.ENOSPC) in text:
            raise Refusal("The disk is full: pip could not put everything into %s." % VENV)
        errors = [line for line in last if line.startswith("ERROR")] or last
        raise Refusal("pip could not install requirements.lock: %s" % (errors[-1] if errors else "no reason given"))
    with open(STAMP, "w") as file:
        file.write(fingerprint())


def main() -> int:
    try:
        python = recent_python()
        if not installed():
            make_venv(python)
            install()
    except Refusal as refusal:
        sys.stderr.write("%s\n" % refusal)
        return 2
    except (IOError, OSError) as error:
        full = "The disk is full: free some space and start again." if error.errno == errno.ENOSPC else str(error)
        sys.stderr.write("%s\n" % full)
        return 2
    except KeyboardInterrupt:
        sys.stderr.write("Stopped.\n")
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
