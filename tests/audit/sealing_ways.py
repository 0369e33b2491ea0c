"""Seal, as the sealer does, in a test that takes `own_database`; write entries, as many clients do; ask whether it all holds."""

import contextlib
import random
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg2
from django.db import connection, transaction

from audit import checkpoint, heads, keys, ledger, notes, sealing, tree
from audit.models import Checkpoint, Entry, Leaf
from config.postgres.account import become
from partners import clock

INSERT = (
    "INSERT INTO audit_entry (uuid, at, action, actor_ref, case_ref, body, receipt) VALUES (%s, %s, %s, %s, %s, %s, %s)"
)


@contextlib.contextmanager
def as_sealer() -> Iterator[None]:
    """The sealer's rights for a while; the application's again afterwards."""
    become("sealer")
    try:
        yield
    finally:
        become("app")


def sealed() -> Checkpoint | None:
    """Seal everything that is committed; the head published, None where there was nothing."""
    with as_sealer():
        return sealing.seal()


def write(many: int = 1) -> list[int]:
    """Entries of one transaction; their ids."""
    with transaction.atomic():
        return ledger.record_many([composed() for _ in range(many)])


def composed() -> ledger.Sealed:
    """An entry of an action that needs no act."""
    return ledger.compose(action="disclosure.opened", at=clock.now(), actor=None)


def credentials() -> dict[str, Any]:
    """With which another client signs in to this test's database, as whoever Django is now."""
    parameters = connection.get_connection_params()
    return {key: parameters[key] for key in ("host", "port", "user", "password", "dbname") if key in parameters}


def insert(cursor: Any) -> None:
    """One entry, by somebody else's connection."""
    one = composed()
    cursor.execute(
        INSERT, [str(one.uuid), one.at, one.action, one.actor, one.case, psycopg2.Binary(one.body), b"receipt"]
    )


def write_beside(account: dict[str, Any], many: int = 1) -> None:
    """The same by a connection of its own, with what `credentials` gave: Django's may be the sealer's."""
    with contextlib.closing(psycopg2.connect(**account)) as link:
        with link.cursor() as cursor:
            for _ in range(many):
                insert(cursor)
        link.commit()


class Writers:
    """Clients that write until they are stopped: long and short transactions, savepoints, some given up."""

    def __init__(self, many: int) -> None:
        self.account, self.stopped = credentials(), threading.Event()
        self.threads = [threading.Thread(target=self.client, args=(number,)) for number in range(many)]

    def client(self, number: int) -> None:
        dice = random.Random(number)  # noqa: S311  (no secret)
        with contextlib.closing(psycopg2.connect(**self.account)) as link:
            while not self.stopped.is_set():
                with link.cursor() as cursor:
                    for _ in range(dice.choice((1, 1, 2, 5))):
                        insert(cursor)
                        if dice.random() < 0.2:
                            cursor.execute("SAVEPOINT here")
                            insert(cursor)
                            cursor.execute("ROLLBACK TO here" if dice.random() < 0.5 else "RELEASE here")
                    self.stopped.wait(dice.choice((0, 0.001, 0.005, 0.05)))
                    (link.rollback if dice.random() < 0.2 else link.commit)()

    def __enter__(self) -> "Writers":
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopped.set()
        for thread in self.threads:
            thread.join()


def assert_sealed_whole(*, pairs: int = 60) -> list[bytes]:
    """Every entry has one leaf, dense from 0; every head is that of its size, signed; proofs and consistency verify."""
    leaves = list(Leaf.objects.order_by("index"))
    assert [one.index for one in leaves] == list(range(len(leaves)))
    bodies = {one.pk: bytes(one.body) for one in Entry.objects.all()}
    assert sorted(one.entry_ref for one in leaves) == sorted(bodies)
    hashes = [tree.leaf_hash(bodies[one.entry_ref]) for one in leaves]
    assert hashes == [bytes(one.leaf_hash) for one in leaves]
    rows, signers = list(Checkpoint.objects.order_by("size")), keys.log_keys()
    assert rows[-1].size == len(leaves)
    assert heads.unsealed() == heads.Lag(0, 0.0)
    edge, roots, done = tree.Frontier(), {}, 0
    for row in rows:
        edge.extend(hashes[done : row.size])
        roots[row.size], done = edge.root(), row.size
        signer = keys.in_force(signers, row.size)
        assert signer is not None
        head = checkpoint.Checkpoint.opened(bytes(row.note), [notes.VerifierKey.parse(signer.vkey)])
        assert (head.size, head.root) == (row.size, roots[row.size]) == (row.size, bytes(row.root))
    dice = random.Random(6962)  # noqa: S311  (no secret)
    sizes = sorted(roots)
    for old, new in {tuple(sorted((dice.choice(sizes), dice.choice(sizes)))) for _ in range(pairs)}:
        assert tree.verify_consistency(old, new, roots[old], roots[new], heads.consistency(old, new)), (old, new)
    for one in dice.sample(leaves, min(pairs, len(leaves))):
        proof = heads.proof_of(one.entry_ref)
        assert proof is not None
        assert proof.index == one.index
        assert proof.verify(bodies[one.entry_ref], keys.log_vkeys()).size == len(leaves)
    return hashes


def key_file(folder: Path, settings: Any) -> Path:
    """A key of this test's own, made by the first seal."""
    settings.SEAL_KEY = folder / "keys" / "seal.pem"
    return Path(settings.SEAL_KEY)
