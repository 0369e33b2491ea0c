"""What whoever holds the machine, and perhaps the keys, does to a sealed trail; each leaves the guards as it found them."""

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection, connections, transaction

from audit import signing, tree
from audit.checkpoint import Checkpoint as Head
from audit.models import Checkpoint
from tests.audit.sealing_ways import sealed, write
from tests.conftest import connect_as_superuser

TABLES = (
    "audit_entry", "audit_payload", "audit_leaf", "audit_tile", "audit_checkpoint", "audit_sealkey", "audit_erasure",
)  # fmt: skip
HASHES = "SELECT l.index, e.leaf_hash FROM audit_leaf l JOIN audit_entry e ON e.id = l.entry_ref ORDER BY l.index"

Attack = Callable[["Forger", int], None]


@contextlib.contextmanager
def schema_asleep(cursor: Any) -> Iterator[None]:
    """The event triggers, which only a superuser can put to sleep."""
    cursor.execute("SELECT evtname FROM pg_event_trigger WHERE evtenabled <> 'D'")
    watching = [name for (name,) in cursor.fetchall()]
    for name in watching:
        cursor.execute(f"ALTER EVENT TRIGGER {name} DISABLE")
    yield
    for name in watching:
        cursor.execute(f"ALTER EVENT TRIGGER {name} ENABLE ALWAYS")


@contextlib.contextmanager
def guards_asleep(cursor: Any) -> Iterator[None]:
    """What a superuser does to change rows: put the triggers to sleep; foreign keys are no longer checked either."""
    with schema_asleep(cursor):
        cursor.execute("SET session_replication_role = 'replica'")
        cursor.execute(
            "SELECT tgrelid::regclass::text, tgname FROM pg_trigger"
            " WHERE tgrelid = ANY (%s::regclass[]) AND NOT tgisinternal",
            [list(TABLES)],
        )
        guards = cursor.fetchall()
        for table, name in guards:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {name}")
        yield
        for table, name in guards:
            cursor.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}")
        cursor.execute("SET session_replication_role = 'origin'")


@contextlib.contextmanager
def superuser_undone(database: str, django_db_blocker: Any) -> Iterator[Any]:
    """Django itself as whoever holds the machine, in a transaction that also looks at what he did, and is rolled back."""
    usual = {key: connection.settings_dict[key] for key in ("NAME", "USER", "PASSWORD")}
    with contextlib.closing(connect_as_superuser(database)) as link:
        holder = {"NAME": database, "USER": link.info.user, "PASSWORD": link.info.password}
    with django_db_blocker.unblock():
        connections.close_all()
        connection.settings_dict.update(holder)
        try:
            with transaction.atomic():
                with connection.cursor() as cursor:
                    yield cursor
                transaction.set_rollback(True)
        finally:
            connections.close_all()
            connection.settings_dict.update(usual)


class Forger:
    """A superuser; with the keys of the heads and of the receipts, an operator."""

    def __init__(self, cursor: Any, head_key: Ed25519PrivateKey) -> None:
        self.cursor, self.head_key = cursor, head_key

    def edit(self, entry: int) -> None:
        """Another actor, in the bytes and in the column; the hash column follows by itself."""
        with guards_asleep(self.cursor):
            self.cursor.execute(
                "UPDATE audit_entry SET actor_ref = '00000000-0000-4000-8000-000000000000', body = convert_to(replace("
                " convert_from(body, 'UTF8'), '\"actor\":null', '\"actor\":\"00000000-0000-4000-8000-000000000000\"'), 'UTF8')"
                " WHERE id = %s",
                [entry],
            )

    def remove(self, entry: int) -> None:
        """The entry with its personal part and its leaf, whose place the next ones take."""
        with guards_asleep(self.cursor):
            self.cursor.execute("DELETE FROM audit_payload WHERE entry_id = %s", [entry])
            self.cursor.execute("DELETE FROM audit_entry WHERE id = %s", [entry])
            self.cursor.execute("DELETE FROM audit_leaf WHERE entry_ref = %s RETURNING index", [entry])
            (index,) = self.cursor.fetchone()
            self.cursor.execute("UPDATE audit_leaf SET index = -index WHERE index > %s", [index])
            self.cursor.execute("UPDATE audit_leaf SET index = -index - 1 WHERE index < 0")

    def recompute(self) -> None:
        """Every leaf and every tile, from the entries as they are now."""
        hashes = self.hashes()
        with guards_asleep(self.cursor):
            self.cursor.execute(
                "UPDATE audit_leaf l SET leaf_hash = e.leaf_hash FROM audit_entry e WHERE e.id = l.entry_ref"
            )
            self.cursor.execute("DELETE FROM audit_tile")
            for number in range(len(hashes) // tree.TILE_LEAVES):
                tile = b"".join(hashes[number * tree.TILE_LEAVES : (number + 1) * tree.TILE_LEAVES])
                self.cursor.execute(
                    "INSERT INTO audit_tile (level, number, hashes, root) VALUES (0, %s, %s, %s)",
                    [number, tile, tree.packed_root(tile)],
                )

    def hashes(self) -> list[bytes]:
        self.cursor.execute(HASHES)
        return [bytes(one) for _index, one in self.cursor.fetchall()]

    def forget_heads(self) -> None:
        with guards_asleep(self.cursor):
            self.cursor.execute("DELETE FROM audit_checkpoint")

    def forget_the_seal(self) -> None:
        """Heads, leaves, tiles and keys: as if nothing had ever been sealed. The sealer then seals what it finds."""
        with guards_asleep(self.cursor):
            for table in ("audit_checkpoint", "audit_leaf", "audit_tile", "audit_sealkey"):
                self.cursor.execute(f"DELETE FROM {table}")
        sealed()

    def cut(self, size: int) -> None:
        """The trail as it was when it had this many entries: what a backup of that day brings back."""
        with guards_asleep(self.cursor):
            cut = "(SELECT entry_ref FROM audit_leaf WHERE index >= %s)"
            self.cursor.execute(f"DELETE FROM audit_payload WHERE entry_id IN {cut}", [size])
            self.cursor.execute(f"DELETE FROM audit_entry WHERE id IN {cut}", [size])
            self.cursor.execute("DELETE FROM audit_leaf WHERE index >= %s", [size])
            self.cursor.execute("DELETE FROM audit_tile WHERE (number + 1) * 256 > %s", [size])
            self.cursor.execute("DELETE FROM audit_checkpoint WHERE size > %s", [size])

    def sign_receipt(self, entry: int) -> None:
        self.cursor.execute("SELECT body FROM audit_entry WHERE id = %s", [entry])
        receipt = signing.sign(bytes(self.cursor.fetchone()[0]))
        with guards_asleep(self.cursor):
            self.cursor.execute("UPDATE audit_entry SET receipt = %s WHERE id = %s", [receipt, entry])

    def sign_heads(self) -> None:
        """Every head again, of the tree as it is now."""
        hashes = self.hashes()
        heads = list(Checkpoint.objects.order_by("size"))
        with guards_asleep(self.cursor):
            for one in heads:
                root = tree.root(hashes[: one.size])
                note = Head(Head.parse(bytes(one.note)).origin, one.size, root).signed(self.head_key)
                self.cursor.execute(
                    "UPDATE audit_checkpoint SET root = %s, note = %s WHERE size = %s", [root, note, one.size]
                )


def edit(forger: Forger, entry: int) -> None:
    forger.edit(entry)


def edit_and_recompute(forger: Forger, entry: int) -> None:
    forger.edit(entry)
    forger.recompute()


def edit_and_delete_heads(forger: Forger, entry: int) -> None:
    edit_and_recompute(forger, entry)
    forger.forget_heads()


def edit_and_begin_again(forger: Forger, entry: int) -> None:
    forger.edit(entry)
    forger.forget_the_seal()


def remove_and_recompute(forger: Forger, entry: int) -> None:
    forger.remove(entry)
    forger.recompute()


def cut_the_tail(forger: Forger, _entry: int) -> None:
    forger.cut(Checkpoint.objects.order_by("size")[0].size)


def restore_and_go_on(forger: Forger, entry: int) -> None:
    cut_the_tail(forger, entry)
    write(60)
    sealed()


def rewrite_and_sign_again(forger: Forger, entry: int) -> None:
    forger.edit(entry)
    forger.sign_receipt(entry)
    forger.recompute()
    forger.sign_heads()
