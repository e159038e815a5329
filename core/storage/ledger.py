"""Booking: an entry in the ledger and the tallies that it changes, always in the statement that it is about."""

from __future__ import annotations

SHARDS = 8
"""Rows that a tally shared by many people is kept in."""

_COLUMNS = "id, user_id, workspace, tier, hour, day"

BOOKED_COLUMNS = f"{_COLUMNS}, attempt, kind, pictures, reserved_micro, spent_micro, lost_micro"
"""What a common table expression named `booked` must give, in this order."""

# Rows are put in order, so that two bookings at once take the locks of their tallies in the same order.
POSTED = f"""
    entries AS (
        INSERT INTO ledger (generation_id, user_id, workspace, tier, day, attempt, kind,
                            pictures, reserved_micro, spent_micro, lost_micro)
        SELECT id, user_id, workspace, tier, day, attempt, kind, pictures, reserved_micro, spent_micro, lost_micro
          FROM booked
    ), posted AS (
        INSERT INTO tallies AS t (scope, subject, span, label, shard,
                                  pictures, reserved_micro, spent_micro, lost_micro)
        SELECT k.scope, k.subject, k.span, k.label, k.shard,
               sum(b.pictures), sum(b.reserved_micro), sum(b.spent_micro), sum(b.lost_micro)
          FROM (SELECT *, hashtext(user_id::text) & {SHARDS - 1} AS own FROM booked) AS b
         CROSS JOIN LATERAL (VALUES ('installation', '', 'day', b.day, b.own),
                                    ('installation', '', 'month', left(b.day, 7), b.own),
                                    ('workspace', b.workspace, 'day', b.day, b.own),
                                    ('workspace', b.workspace, 'month', left(b.day, 7), b.own),
                                    ('tier', b.tier, 'day', b.day, b.own),
                                    ('tier', b.tier, 'month', left(b.day, 7), b.own),
                                    ('user', b.user_id::text, 'hour', b.hour, 0),
                                    ('user', b.user_id::text, 'day', b.day, 0),
                                    ('user', b.user_id::text, 'month', left(b.day, 7), 0))
               AS k (scope, subject, span, label, shard)
         WHERE k.scope <> 'workspace' OR k.subject <> ''
         GROUP BY k.scope, k.subject, k.span, k.label, k.shard
         ORDER BY k.scope, k.subject, k.span, k.label, k.shard
            ON CONFLICT (scope, subject, span, label, shard) DO UPDATE
           SET pictures = t.pictures + excluded.pictures,
               reserved_micro = t.reserved_micro + excluded.reserved_micro,
               spent_micro = t.spent_micro + excluded.spent_micro,
               lost_micro = t.lost_micro + excluded.lost_micro
    )
"""  # noqa: S608  put together from constants
"""Two common table expressions that book what `booked` names."""

MOVED = f"{_COLUMNS}, status, attempts, counted, calling, reserved_micro, (options ->> 'count')::int AS pictures"
"""What an UPDATE of generations must return for the fragments below, as a common table expression named `moved`."""

REFUND = f"SELECT {_COLUMNS}, attempts AS attempt, 'refund' AS kind, -pictures, -reserved_micro, 0, 0 FROM moved"  # noqa: S608
"""Nothing was made: money and quota are given back."""

LOST = f"SELECT {_COLUMNS}, attempts AS attempt, 'lost' AS kind, 0, 0, 0, reserved_micro FROM moved"  # noqa: S608
"""A call whose answer never came: it may have been billed, as far as is known for what was estimated."""


def booked(*entries: str) -> str:
    """The common table expression `booked` out of entries, each with its own WHERE."""
    return f"booked ({BOOKED_COLUMNS}) AS ({' UNION ALL '.join(entries)})"
