"""Where the house keeps its things: databases, sockets, secrets, mail. Standard library only, no Django.

``var/`` of the clone (or ``TACT_VAR``) holds everything, with two exceptions. As root, the servers run as an
unprivileged user who may not be able to reach the clone, and a Unix socket's path is limited to about 100 bytes:
then programs, databases and sockets stand in ``/var/tmp/tact-<hash>``, the hash being that of the folder's path and
of an identity written in it, so that a clone made again at the same place never wakes the databases of the earlier one.
"""

import contextlib
import hashlib
import os
import re
import secrets
from dataclasses import dataclass
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent
SHARED_TMP = Path("/var/tmp")  # noqa: S108  (its folders are named by a secret, and their owner is verified)
SOCKET_PATH_LIMIT = 100
# What a shell, pg_ctl, redis.conf and libpq all take literally; any other character sends us to /var/tmp.
PLAIN_PATH = re.compile(r"[A-Za-z0-9/._+-]+")
LONGEST_SOCKET_NAME = ".s.PGSQL.5432.lock"


class HouseError(RuntimeError):
    """The house cannot start or go on; the text is one sentence for whoever started it."""


@dataclass(frozen=True)
class Home:
    """Where the servers' things stand. ``own_programs``: the binaries are copied into it, being out of reach otherwise."""

    root: Path
    sockets: Path
    own_programs: bool

    @property
    def postgres(self) -> Path:
        return self.root / "postgres"

    @property
    def redis(self) -> Path:
        return self.root / "redis"

    @property
    def logs(self) -> Path:
        return self.root / "logs"

    @property
    def programs(self) -> Path:
        return self.root / "programs"


def var() -> Path:
    """The folder of everything that running makes: ``TACT_VAR``, otherwise ``var/`` in the clone."""
    chosen = os.environ.get("TACT_VAR", "").strip()
    return Path(chosen).expanduser().absolute() if chosen else BASE_DIR / "var"


def private_folder(path: Path) -> Path:
    """The folder, made where it is missing, closed to everybody else. Raises HouseError where it cannot be."""
    try:
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise HouseError(f"Cannot write in {path.parent}: {error.strerror}. Free the place or set TACT_VAR.") from error
    return path


def written_once(path: Path, text: str) -> str:
    """The file's content; ``text`` if there was none. Two commands starting at once read the same."""
    with contextlib.suppress(FileNotFoundError):
        return path.read_text()
    private_folder(path.parent)
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(text)
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
    except OSError as error:
        raise HouseError(f"Cannot write {path}: {error.strerror}.") from error
    finally:
        draft.unlink(missing_ok=True)
    return path.read_text()


def secret(name: str) -> str:
    """A random secret of this installation, made the first time it is asked for, in ``var/secrets`` (0600)."""
    return written_once(var() / "secrets" / name, secrets.token_urlsafe(32))


def home() -> Home:
    """Where the bundled servers live for this ``var``: inside it if they can, otherwise in ``/var/tmp``."""
    folder = var()
    if os.geteuid() == 0:
        root = outside(folder)
        return Home(root=root, sockets=root / "sockets", own_programs=True)
    sockets = folder / "sockets"
    plain = PLAIN_PATH.fullmatch(str(sockets)) and len(str(sockets / LONGEST_SOCKET_NAME).encode()) < SOCKET_PATH_LIMIT
    return Home(root=folder, sockets=sockets if plain else outside(folder) / "sockets", own_programs=False)


def outside(folder: Path) -> Path:
    """The folder of ``/var/tmp`` that stands for this one, and for no other."""
    identity = written_once(folder / "identity", secrets.token_hex(16))
    digest = hashlib.sha256(f"{folder}\n{os.geteuid()}\n{identity}".encode()).hexdigest()
    return SHARED_TMP / f"tact-{digest[:12]}"
