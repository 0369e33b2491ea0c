"""Between the web and PostgreSQL: a socket that lets everything pass, and at a named point of a COMMIT does something else.

Only the frontend's messages are read (PostgreSQL's protocol, 3.0): « Q » and its length, then the statement. Everything travels in
clear on a Unix socket.
"""

import contextlib
import selectors
import socket
import struct
import threading
from collections.abc import Callable
from pathlib import Path

COMMIT = b"COMMIT"
BEGIN = b"BEGIN"
MOST_BYTES = 1 << 16


class Fault:
    """What is to happen, once, at a statement (a COMMIT unless said) of a transaction one of whose statements has this mark.

    `before` is called with the statement in our hands, `after` once PostgreSQL has answered it; the web hears nothing more of
    this connection. `meanwhile` is called, and everything goes on as if nothing had been. `late`: the web is cut off at once,
    and the COMMIT goes on only when `go_on` is set, as through a slow network.
    """

    def __init__(
        self,
        marked: bytes,
        *,
        before: Callable[[], object] | None = None,
        after: Callable[[], object] | None = None,
        meanwhile: Callable[[], object] | None = None,
        late: bool = False,
        at: bytes = COMMIT,
    ) -> None:
        self.at, self.meanwhile = at, meanwhile
        self.marked, self.before, self.after, self.late = marked, before, after, late
        self.go_on, self.met, self.over = threading.Event(), threading.Event(), threading.Event()


class Proxy:
    """Listens where the web looks for PostgreSQL."""

    def __init__(self, folder: Path, behind: Path) -> None:
        folder.mkdir(mode=0o700)
        self.behind = behind
        self.fault: Fault | None = None
        self.lock = threading.Lock()
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(str(folder / behind.name))
        self.listener.listen(32)
        threading.Thread(target=self.accept, daemon=True).start()

    def arm(self, fault: Fault) -> Fault:
        self.fault = fault
        return fault

    def close(self) -> None:
        self.listener.close()

    def accept(self) -> None:
        while True:
            try:
                web, _address = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.carry, args=(web,), daemon=True).start()

    def carry(self, web: socket.socket) -> None:
        """One connection, from its first word to its last. Where PostgreSQL is not there, the web is told so at once."""
        server = socket.socket(socket.AF_UNIX)
        with contextlib.closing(web), contextlib.closing(server), contextlib.suppress(OSError):
            server.connect(str(self.behind))
            self.between(web, server)

    def between(self, web: socket.socket, server: socket.socket) -> None:
        statements = Statements()
        with selectors.DefaultSelector() as ready:
            ready.register(web, selectors.EVENT_READ, server)
            ready.register(server, selectors.EVENT_READ, web)
            while True:
                for key, _events in ready.select():
                    source = key.fileobj
                    assert isinstance(source, socket.socket)
                    said = source.recv(MOST_BYTES)
                    if not said:
                        return
                    if source is web and (fault := self.met(statements, said)) is not None:
                        self.happen(fault, said, web, server)
                        if fault.meanwhile is None:
                            return
                    key.data.sendall(said)

    def met(self, statements: "Statements", said: bytes) -> Fault | None:
        """The fault that this COMMIT meets, which is then spent."""
        with self.lock:
            fault = self.fault
            if statements.hear(said, fault) and fault is not None:
                self.fault = None
                return fault
        return None

    def happen(self, fault: Fault, commit: bytes, web: socket.socket, server: socket.socket) -> None:
        try:
            fault.met.set()
            if fault.meanwhile is not None:
                fault.meanwhile()
                return
            if fault.before is not None:
                fault.before()
                return
            if fault.late:
                web.close()
                fault.go_on.wait(60)
            server.sendall(commit)
            server.recv(MOST_BYTES)
            if fault.after is not None:
                fault.after()
        finally:
            fault.over.set()


class Statements:
    """What one connection has said since its transaction began."""

    def __init__(self) -> None:
        self.greeted, self.marked, self.rest = False, False, b""

    def hear(self, said: bytes, fault: Fault | None) -> bool:
        """Whether this meets the fault. Passwords and greetings are let through unread."""
        self.rest += said
        found = False
        while (statement := self.next()) is not None:
            if statement.startswith(BEGIN):
                self.marked = False
            if fault is not None:
                self.marked = self.marked or fault.marked in statement
                found = found or (statement.startswith(fault.at) and self.marked)
        return found

    def next(self) -> bytes | None:
        """The next whole statement; the first message of a connection has no letter before its length."""
        start = 1 if self.greeted else 0
        if len(self.rest) < start + 4:
            return None
        (length,) = struct.unpack_from("!I", self.rest, start)
        if len(self.rest) < start + length:
            return None
        message, self.rest = self.rest[: start + length], self.rest[start + length :]
        self.greeted = True
        return message[5:] if start and message[:1] == b"Q" else b""
