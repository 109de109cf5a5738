"""The database and the broker of one machine, together."""

from pathlib import Path

from embedded.postgres import Postgres
from embedded.valkey import Valkey


class Servers:
    """Postgres and Valkey under `home`. Starting what runs and stopping what is stopped do nothing."""

    def __init__(self, home: Path, *, durable: bool = True) -> None:
        self.postgres = Postgres(home / "postgres", durable=durable)
        self.valkey = Valkey(home / "valkey", durable=durable)

    def environment(self) -> dict[str, str]:
        """What Django's settings need in order to find the two; fixes the broker's port."""
        self.valkey.prepare()
        return {"DATABASE_URL": self.postgres.url, "REDIS_URL": self.valkey.url}

    def start(self, *, die_with_parent: bool = False) -> None:
        """Start both, or find them running, and return when they answer."""
        self.valkey.start(die_with_parent=die_with_parent)
        self.postgres.start(die_with_parent=die_with_parent)

    def stop(self, *, patience: float = 20.0) -> None:
        """Stop both, their data written; one that takes longer than `patience` seconds is made to."""
        self.postgres.stop(patience=patience)
        self.valkey.stop(patience=patience)
