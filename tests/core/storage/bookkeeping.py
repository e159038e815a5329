"""Every request beside what the ledger holds of it, and every tally beside the sum that it must be."""

from __future__ import annotations

from sqlalchemy import text

EMPTY = text("TRUNCATE users, ledger, tallies, notices, policies, tier_assignments CASCADE")

ROWS = text("""
    SELECT g.id, g.user_id, g.requester ->> 'external_id' AS person, g.status, g.attempts, g.parked, g.counted,
           g.reserved_micro, g.cost_micro, g.lease_until, coalesce(l.reserved_micro, 0) AS held_micro,
           coalesce(l.spent_micro, 0) AS spent_micro, coalesce(l.lost_micro, 0) AS lost_micro,
           coalesce(l.pictures, 0) AS pictures, (g.options ->> 'count')::int AS asked,
           (SELECT count(*) FROM generated_images WHERE generation_id = g.id) AS made
      FROM generations AS g
      LEFT JOIN (SELECT generation_id, sum(reserved_micro) AS reserved_micro, sum(spent_micro) AS spent_micro,
                        sum(lost_micro) AS lost_micro, sum(pictures) AS pictures
                   FROM ledger GROUP BY generation_id) AS l ON l.generation_id = g.id
""")

# Every tally beside the sum over the ledger that it must be; only those that differ come back.
DIFFERENCES = text("""
    WITH told AS (
        SELECT scope, subject, span, label, sum(pictures) AS p, sum(reserved_micro) AS r, sum(spent_micro) AS s,
               sum(lost_micro) AS l
          FROM tallies GROUP BY scope, subject, span, label
    ), booked AS (
        SELECT k.scope, k.subject, k.span, k.label, sum(b.pictures) AS p, sum(b.reserved_micro) AS r,
               sum(b.spent_micro) AS s, sum(b.lost_micro) AS l
          FROM ledger AS b JOIN generations AS g ON g.id = b.generation_id
         CROSS JOIN LATERAL (VALUES ('installation', '', 'day', b.day), ('installation', '', 'month', left(b.day, 7)),
                                    ('workspace', b.workspace, 'day', b.day),
                                    ('workspace', b.workspace, 'month', left(b.day, 7)),
                                    ('tier', b.tier, 'day', b.day), ('tier', b.tier, 'month', left(b.day, 7)),
                                    ('user', b.user_id::text, 'hour', g.hour),
                                    ('user', b.user_id::text, 'day', b.day),
                                    ('user', b.user_id::text, 'month', left(b.day, 7)))
               AS k (scope, subject, span, label)
         WHERE k.scope <> 'workspace' OR k.subject <> ''
         GROUP BY k.scope, k.subject, k.span, k.label
    )
    SELECT scope, subject, span, label, told.p, booked.p, told.r, booked.r, told.s, booked.s, told.l, booked.l
      FROM told FULL JOIN booked USING (scope, subject, span, label)
     WHERE (told.p, told.r, told.s, told.l) IS DISTINCT FROM (booked.p, booked.r, booked.s, booked.l)
""")
