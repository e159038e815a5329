"""Reads what `core.limits` decides by: one statement for everything that touches a person in a place."""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

import asyncpg
import msgspec

from core.generation import ImageRequest, Requester, Venue
from core.limits import Facts, Tally
from core.policies import TIERS, Policy, Scope, tightened
from core.ports import Terms

MANY = 1000
"""Open requests of one person are counted up to here."""

# $1 platform, $2 external id, $3 workspace, $4 channels, $5 role ids, $6 the tier of those in none,
# $7 hour, $8 day, $9 month, $10 conversation, $11 idempotency key.
# Materialized, or PostgreSQL would write the way to a tier into every place that names it, and walk it there again.
FACTS = f"""
    WITH me AS MATERIALIZED (
        SELECT id, id::text AS name, virtual_finish, last_accepted_at FROM users
         WHERE id = (SELECT user_id FROM identities WHERE platform = $1 AND external_id = $2)
    ), mine AS MATERIALIZED (
        SELECT me.*, coalesce(
                 (SELECT tier FROM tier_assignments WHERE workspace = '' AND subject = 'user:' || me.name),
                 (SELECT tier FROM tier_assignments WHERE workspace = $3 AND subject = 'user:' || me.name),
                 (SELECT a.tier FROM tier_assignments AS a
                    LEFT JOIN policies AS p ON p.scope = 'tier' AND p.subject = a.tier
                   WHERE a.workspace = $3 AND a.subject = ANY (SELECT 'role:' || unnest($5::text[]))
                   ORDER BY p.weight DESC NULLS LAST, a.tier LIMIT 1),
                 $6) AS tier
          FROM me
    )
    SELECT mine.id, mine.virtual_finish, mine.last_accepted_at, mine.tier,
           (SELECT coalesce(max(virtual_start), 0) FROM generations WHERE started_at IS NOT NULL) AS served,
           (SELECT id FROM chat_threads WHERE platform = $1 AND external_id = $10) AS thread_id,
           EXISTS (SELECT FROM generations WHERE idempotency_key = $11) AS known,
           (SELECT json_agg(row_to_json(p) ORDER BY k.place)::text
              FROM (VALUES ('installation', '', 1), ('tier', mine.tier, 2), ('user', mine.name, 3),
                           ('member', $3 || '|' || mine.name, 4), ('workspace', $3, 5)
                    UNION ALL
                    SELECT 'channel', c.id, 10 + c.nr FROM unnest($4::text[]) WITH ORDINALITY AS c (id, nr))
                   AS k (scope, subject, place)
              JOIN policies AS p ON p.scope = k.scope AND p.subject = k.subject) AS policies,
           (SELECT json_agg(row_to_json(one))::text
              FROM (SELECT t.scope, t.subject, t.span, sum(t.pictures) AS pictures,
                           sum(t.reserved_micro) AS reserved_micro, sum(t.spent_micro) AS spent_micro,
                           sum(t.lost_micro) AS lost_micro, sum(t.granted) AS granted
                      FROM (VALUES ('installation', '', 'day', $8), ('installation', '', 'month', $9),
                                   ('workspace', $3, 'day', $8), ('workspace', $3, 'month', $9),
                                   ('tier', mine.tier, 'day', $8), ('tier', mine.tier, 'month', $9),
                                   ('user', mine.name, 'hour', $7), ('user', mine.name, 'day', $8),
                                   ('user', mine.name, 'month', $9))
                           AS k (scope, subject, span, label)
                      JOIN tallies AS t ON t.scope = k.scope AND t.subject = k.subject
                                       AND t.span = k.span AND t.label = k.label
                     GROUP BY t.scope, t.subject, t.span) AS one) AS tallies,
           (SELECT count(*) FROM (SELECT FROM generations
                                   WHERE user_id = mine.id AND status IN ('queued', 'running') AND NOT parked
                                   LIMIT {MANY}) AS o) AS open_at_once,
           (SELECT count(*) FROM (SELECT FROM generations
                                   WHERE user_id = mine.id AND status IN ('queued', 'running') AND status = 'queued'
                                   LIMIT {MANY}) AS w) AS waiting
      FROM mine
"""  # noqa: S608  put together from constants


@dataclass(frozen=True, slots=True)
class Found:
    """The facts, and what else is needed to write the row."""

    user_id: UUID
    thread_id: UUID | None
    virtual_finish: float
    served: float
    known: bool
    """The idempotency key was accepted before."""
    facts: Facts


async def read(connection: asyncpg.Connection, request: ImageRequest, terms: Terms) -> Found | None:
    """None for a user or a conversation that is seen for the first time."""
    found = await of(connection, request.requester, request.venue, terms, request.thread, request.idempotency_key)
    return None if found is None or (request.thread is not None and found.thread_id is None) else found


async def of(
    connection: asyncpg.Connection,
    who: Requester,
    venue: Venue,
    terms: Terms,
    thread: str | None = None,
    key: str = "",
) -> Found | None:
    """None for somebody who was never seen."""
    at = terms.periods
    row = await connection.fetchrow(
        FACTS,
        who.platform,
        who.external_id,
        venue.workspace,
        list(venue.channels),
        list(venue.roles),
        terms.default_tier,
        at.hour,
        at.day,
        at.month,
        thread,
        key,
    )
    if row is None:
        return None
    return Found(
        user_id=row["id"],
        thread_id=row["thread_id"],
        virtual_finish=row["virtual_finish"],
        served=row["served"],
        known=row["known"],
        facts=Facts(
            tier=row["tier"],
            policies=_policies(row["policies"], row["tier"], terms.ceiling),
            tallies=msgspec.json.decode(row["tallies"] or "[]", type=list[Tally]),
            open_at_once=row["open_at_once"],
            waiting=row["waiting"],
            last_accepted_at=row["last_accepted_at"],
        ),
    )


def _policies(text: str | None, tier: str, ceiling: Policy) -> list[Policy]:
    """With what the settings say of the installation; a tier that nobody described is the first that there is."""
    found = msgspec.json.decode(text or "[]", type=list[Policy])
    installation = next((one for one in found if one.scope is Scope.INSTALLATION), None)
    others = [one for one in found if one.scope is not Scope.INSTALLATION]
    if not any(one.scope is Scope.TIER for one in found):
        others.append(next((one for one in TIERS if one.subject == tier), replace(TIERS[0], subject=tier)))
    return [tightened(installation, ceiling), *others]
