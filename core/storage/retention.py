"""Forgets what nobody can ask for any more."""

from __future__ import annotations

from sqlalchemy import text

from core.storage.database import Database

# A proposal can be confirmed for a month; a notice is kept as long as its period could bring it up again; the hours and
# days of single people are counted by nobody once they are long past. The months, and the ledger, stay.
STATEMENTS = tuple(
    text(statement)
    for statement in (
        "DELETE FROM proposals WHERE created_at < now() - interval '30 days'",
        "DELETE FROM notices WHERE state <> 'open' AND created_at < now() - interval '70 days'",
        "DELETE FROM tallies WHERE span = 'hour' AND label < to_char(now() - interval '3 days', 'YYYY-MM-DD')",
        "DELETE FROM tallies WHERE scope = 'user' AND span = 'day' "
        "AND label < to_char(now() - interval '70 days', 'YYYY-MM-DD')",
    )
)


async def forget(database: Database) -> int:
    """Returns how many rows went."""
    async with database.single() as connection:
        return sum([(await connection.execute(one)).rowcount for one in STATEMENTS])
