"""The bundled Redis: the queue's broker, on a Unix socket that only our account opens. Holds nothing that is owed."""

import contextlib
import os
import signal
import time
from collections.abc import Iterator

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from config.places import Home, HouseError
from config.programs import Programs, processes_in, run_as_server

START_SECONDS = 10
CONFIGURATION = """\
port 0
unixsocket "{socket}"
unixsocketperm 600
dir "{folder}"
daemonize yes
pidfile "{folder}/redis.pid"
logfile "{log}"
appendonly yes
save ""
maxmemory 128mb
maxmemory-policy noeviction
"""


class RedisServer:
    """The one broker of a home."""

    def __init__(self, home: Home, programs: Programs) -> None:
        self.home, self.programs = home, programs
        self.socket = home.sockets / "redis.sock"

    @contextlib.contextmanager
    def client(self) -> Iterator[redis.Redis]:
        client = redis.Redis(unix_socket_path=str(self.socket), socket_timeout=2, retry=Retry(NoBackoff(), 0))
        try:
            yield client
        finally:
            client.close()

    def answers(self) -> bool:
        with self.client() as client:
            try:
                return bool(client.ping())
            except redis.RedisError:
                return False

    def start(self) -> None:
        """Raises HouseError where it does not answer in time; a stale socket is replaced by redis-server itself."""
        if self.answers():
            return
        configuration = self.home.redis / "redis.conf"
        log = self.home.logs / "redis.log"
        configuration.write_text(CONFIGURATION.format(socket=self.socket, folder=self.home.redis, log=log))
        configuration.chmod(0o644)
        done = run_as_server([str(self.programs.redis_server), str(configuration)], timeout=START_SECONDS)
        deadline = time.monotonic() + START_SECONDS
        while not self.answers():
            if done.returncode != 0 or time.monotonic() > deadline:
                raise HouseError(f"Redis did not start: {done.stdout.strip() or 'no reason given'} (see {log})")
            time.sleep(0.02)

    def processes(self) -> set[int]:
        return processes_in(self.home.redis)

    def stop(self) -> None:
        """Silent where nothing runs."""
        with self.client() as client, contextlib.suppress(redis.RedisError):
            client.shutdown(nosave=True)
        deadline = time.monotonic() + START_SECONDS
        while (living := self.processes()) and time.monotonic() < deadline:
            time.sleep(0.02)
        for pid in living:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
