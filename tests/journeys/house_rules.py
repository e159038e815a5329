"""Rules of the house as a journey lays them down: straight into the database, where no command is at hand."""

from __future__ import annotations

from tests.fakes.discord import FakeDiscord, User
from tests.journeys.archive import Archive

ROW = """
    INSERT INTO policies (scope, subject, {names}) VALUES ($1, $2, {values})
    ON CONFLICT (scope, subject, imposed) DO UPDATE SET {sets}
"""

IN_TIER = "INSERT INTO tier_assignments (workspace, subject, tier) VALUES ($1, $2, $3)"

BOOKS = """
    SELECT count(*) FILTER (WHERE l.kind = 'reserve') AS requests, coalesce(sum(l.reserved_micro), 0) AS reserved,
           coalesce(sum(l.spent_micro), 0) AS spent, coalesce(sum(l.lost_micro), 0) AS lost
      FROM ledger l JOIN generations g ON g.id = l.generation_id
     WHERE g.prompt = $1
"""
"""What was reserved, spent and lost for all requests of one prompt."""


async def lay_down(archive: Archive, scope: str, subject: str, **fields: object) -> None:
    """A policy; fields by their names."""
    names = list(fields)
    query = ROW.format(
        names=", ".join(names),
        values=", ".join(f"${place}" for place in range(3, 3 + len(names))),
        sets=", ".join(f"{name} = excluded.{name}" for name in names),
    )
    await archive.rows(query, scope, subject, *fields.values())


async def member(discord: FakeDiscord, archive: Archive, name: str, **fields: object) -> User:
    """A member of the server whose role puts them into a tier of their own; without a field it has no such limit."""
    user = discord.add_user(name, discord.guild)
    role = await discord.add_role(discord.guild, name, user)
    await lay_down(archive, "tier", name, weight=1.0, **fields)
    await archive.rows(IN_TIER, f"discord:{discord.guild.id}", f"role:{role.id}", name)
    return user
