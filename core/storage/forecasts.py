"""How long a request will wait and take, from what was measured."""

from __future__ import annotations

from sqlalchemy import text

from core.fairness import ready_in
from core.generation import Accepted, Generation, Options
from core.storage import rows
from core.storage.database import Database

LOOK_BACK = 50
"""Durations that the median is taken from."""

ENOUGH = 3
"""Durations below which no figure is given."""

FAR_BACK = 1000
"""Positions are counted up to here; nobody in that place cares for the exact number."""

# Statuses and limits are written out, not bound: only so can a cached plan use the partial indexes. What is only
# counted is put in the order of its index all the same: else the planner, who cannot know how few there are, may read
# the whole table.
PLACE = f"""
    SELECT count(*) + 1
      FROM (SELECT FROM generations
             WHERE status = 'queued' AND NOT parked AND (virtual_start, created_at) < ({{start}}, {{created}})
             ORDER BY virtual_start, created_at
             LIMIT {FAR_BACK}) AS ahead
"""  # noqa: S608  put together from constants
"""Counts those ahead of a request with this virtual start and moment."""

TYPICAL = f"""
    SELECT CASE WHEN count(*) >= {ENOUGH} THEN percentile_cont(0.5) WITHIN GROUP (ORDER BY generation_time_ms) END
      FROM (SELECT generation_time_ms FROM generations
             WHERE status = 'finished' AND provider = :provider AND kind = :kind
             ORDER BY finished_at DESC
             LIMIT {LOOK_BACK}) AS latest
"""  # noqa: S608  put together from constants
"""The median duration of the latest requests of a kind, in milliseconds; NULL without enough of them."""

SIDE_BY_SIDE = f"""
    SELECT greatest((SELECT count(*) FROM generations WHERE status = 'running'),
                    (SELECT count(*)
                       FROM (SELECT FROM generations
                              WHERE status = 'finished' AND provider = :provider AND kind = :kind
                                AND finished_at > now() - :typical * interval '1 millisecond'
                              ORDER BY finished_at DESC
                              LIMIT {FAR_BACK}) AS latest))
"""  # noqa: S608  put together from constants
"""Requests that run now, or else that ended within the time that one takes: what the workers do side by side."""

_TYPICAL = text(TYPICAL)


def placed(
    generation: Generation, position: int, typical_ms: float | None, side_by_side: int, *, duplicate: bool = False
) -> Accepted:
    """A request with its place. Nobody knows when one that waits for its asker's others will be let in."""
    typical = None if typical_ms is None or generation.parked else typical_ms / 1000
    return Accepted(generation, position, ready_in(typical, position, side_by_side), duplicate)


def measured(query: str, provider: str, kind: str, typical: str = "") -> str:
    """One of the queries above with the SQL that stands for what it is about."""
    return query.replace(":provider", provider).replace(":kind", kind).replace(":typical", typical)


async def typical_seconds(database: Database, options: Options, provider: str) -> float | None:
    """Median duration in seconds of the latest requests of this kind; None below three."""
    async with database.single() as connection:
        found = await connection.execute(_TYPICAL, {"provider": provider, "kind": rows.kind_of(options)})
        milliseconds = found.scalar_one()
    return None if milliseconds is None else float(milliseconds) / 1000
