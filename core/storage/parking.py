"""Requests that wait for an earlier one of the same person: where only so many may run side by side."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import text

from core.generation import Generation, Requester
from core.storage.accepting import person_lock
from core.storage.database import Database

# Under the lock of the person, so that a request which is being accepted sees the room, or is seen.
UNPARK = """
    UPDATE generations SET parked = false
     WHERE id IN (SELECT id FROM generations
                   WHERE user_id = $1 AND status = 'queued' AND parked
                   ORDER BY virtual_start, created_at
                   LIMIT (SELECT greatest(0, (SELECT max(max_running) FROM generations
                                               WHERE user_id = $1 AND status = 'queued' AND parked)
                                             - count(*))
                            FROM generations
                           WHERE user_id = $1 AND status IN ('queued', 'running') AND NOT parked))
    RETURNING id
"""

# Counted once for each person, not for each of their requests: somebody may have thousands.
FORGOTTEN = text("""
    SELECT waits.user_id, first.requester
      FROM (SELECT user_id, max(max_running) AS room FROM generations
             WHERE status = 'queued' AND parked GROUP BY user_id) AS waits
     CROSS JOIN LATERAL (SELECT requester FROM generations
                          WHERE user_id = waits.user_id AND status = 'queued' AND parked LIMIT 1) AS first
     WHERE waits.room > (SELECT count(*) FROM generations AS one
                          WHERE one.user_id = waits.user_id
                            AND one.status IN ('queued', 'running') AND NOT one.parked)
     LIMIT 100
""")


async def unpark(database: Database, generation: Generation) -> Sequence[UUID]:
    """The ids of those that may run now."""
    if generation.max_running is None:
        return ()
    return await _unparked(database, generation.user_id, generation.requester)


async def unpark_forgotten(database: Database) -> Sequence[UUID]:
    """The same for everybody who has room and waits."""
    async with database.single() as connection:
        found = (await connection.execute(FORGOTTEN)).all()
    freed: list[UUID] = []
    for user_id, requester in found:
        freed += await _unparked(database, user_id, Requester(**requester))
    return freed


async def _unparked(database: Database, user_id: UUID, requester: Requester) -> Sequence[UUID]:
    async with database.locked(person_lock(requester)) as connection:
        return [row["id"] for row in await connection.fetch(UNPARK, user_id)]
