"""How a claim on a request ends, money included: each way is one statement, so none can be half-done."""

from __future__ import annotations

from sqlalchemy import Interval, Text, bindparam, text
from sqlalchemy.dialects.postgresql import JSONB

from core.errors import Fault
from core.storage.ledger import LOST, MOVED, POSTED, REFUND, booked

# Pictures that were made are kept even when the lease ran out meanwhile, as long as nobody began anew.
STILL_OURS = "id = :id AND status IN ('running', 'queued') AND attempts = :attempts"

HELD = "id = :id AND status = 'running' AND worker = :worker AND attempts = :attempts"
"""Only while the row runs under this worker's name."""

BEGIN_CALL = text(f"UPDATE generations SET calling = true WHERE {HELD} AND NOT cancel_requested")  # noqa: S608  put together from constants

OF_THE_ASKER = ", ".join(f"'{fault}'" for fault in (Fault.MODERATED, Fault.REJECTED))
"""Faults that lie in what was asked. After any other the asker need not wait before trying again."""

# Back into the queue, failed or cancelled. Only the last two give back what was reserved. What was to be cancelled does
# not wait in the queue for that.
END = text(f"""
    WITH moved AS (
        UPDATE generations
           SET status = CASE WHEN :status = 'queued' AND cancel_requested THEN 'cancelled' ELSE :status END,
               fault = :fault, fault_detail = :detail, not_before = now() + :pause, worker = NULL, lease_until = NULL,
               finished_at = CASE WHEN :status <> 'queued' OR cancel_requested THEN now() END
         WHERE {HELD}
        RETURNING {MOVED}, fault
    ), forgiven AS (
        UPDATE users SET last_accepted_at = NULL FROM moved
         WHERE users.id = moved.user_id AND moved.status = 'failed' AND moved.fault NOT IN ({OF_THE_ASKER})
    ), {
    booked(
        f"{REFUND} WHERE counted AND status <> 'queued'",
        LOST.replace("0, reserved_micro FROM", "0, CAST(:lost_micro AS bigint) FROM") + " WHERE counted AND calling "
        "AND CAST(:lost_micro AS bigint) IS NOT NULL",
    )
}, {POSTED}
    SELECT count(*) FROM moved
""").bindparams(  # noqa: S608  put together from constants
    bindparam("status", type_=Text()),
    bindparam("fault", type_=Text()),
    bindparam("detail", type_=Text()),
    bindparam("pause", type_=Interval()),
)

# The lease ran out. A call that was under way is lost; another worker makes it again, or it is given up.
RECLAIM = text(f"""
    WITH gone AS (
        SELECT id FROM generations
         WHERE status = 'running' AND lease_until < now() AND pg_postmaster_start_time() < now() - :grace
         ORDER BY id FOR UPDATE SKIP LOCKED
    ), moved AS (
        UPDATE generations
           SET worker = NULL, lease_until = NULL,
               status = CASE WHEN cancel_requested THEN 'cancelled'
                             WHEN attempts >= :max_attempts THEN 'failed' ELSE 'queued' END,
               fault = CASE WHEN NOT cancel_requested AND attempts >= :max_attempts THEN '{Fault.INTERRUPTED}' END,
               finished_at = CASE WHEN cancel_requested OR attempts >= :max_attempts THEN now() END
         WHERE id IN (SELECT id FROM gone)
        RETURNING {MOVED}
    ), forgiven AS (
        UPDATE users SET last_accepted_at = NULL FROM moved
         WHERE users.id = moved.user_id AND moved.status = 'failed' AND moved.counted
    ), {booked(f"{REFUND} WHERE counted AND status <> 'queued'", f"{LOST} WHERE counted AND calling")}, {POSTED}
    SELECT id FROM moved
""").bindparams(bindparam("grace", type_=Interval()))  # noqa: S608  put together from constants

# By the asker. A request in the queue ends at once; one that runs is marked, and its worker ends it.
CANCEL = text(f"""
    WITH moved AS (
        UPDATE generations
           SET cancel_requested = true,
               status = CASE WHEN status = 'queued' THEN 'cancelled' ELSE status END,
               finished_at = CASE WHEN status = 'queued' THEN now() END
         WHERE id = :id AND status IN ('queued', 'running')
        RETURNING {MOVED}
    ), {booked(f"{REFUND} WHERE counted AND status = 'cancelled'")}, {POSTED}
    SELECT count(*) FROM moved
""")  # noqa: S608  put together from constants

# A lease that ran out in the meantime had the call booked as lost; here its answer is after all.
FOUND_AGAIN = "(SELECT coalesce(sum(lost_micro), 0) FROM ledger WHERE generation_id = moved.id AND attempt = attempts)"

FINISH = text(f"""
    WITH moved AS (
        UPDATE generations
           SET status = 'finished', worker = NULL, lease_until = NULL, finished_at = now(),
               provider_prompt = :provider_prompt, revised_prompt = :revised_prompt, cost_micro = :cost_micro,
               generation_time_ms = :generation_time_ms
         WHERE {STILL_OURS}
        RETURNING {MOVED}
    ), {
    booked(
        "SELECT id, user_id, workspace, tier, hour, day, attempts AS attempt, 'settle' AS kind, "
        "CAST(:pictures AS int) - pictures, -reserved_micro, CAST(:cost_micro AS bigint), "
        f"CAST(:lost_micro AS bigint) - {FOUND_AGAIN} FROM moved WHERE counted"
    )
}, {POSTED}, looked_at AS (
        UPDATE generated_images AS image
           SET thumbnail_data = found.thumbnail_data, media_type = found.media_type, width = found.width,
               height = found.height, sha256 = found.sha256, cost_micro = found.cost_micro
          FROM moved, jsonb_to_recordset(:images) AS found (position smallint, thumbnail_data text, media_type text,
                                                            width int, height int, sha256 text, cost_micro bigint)
         WHERE image.generation_id = moved.id AND image.position = found.position
    )
    SELECT count(*) FROM moved
""").bindparams(bindparam("images", type_=JSONB))  # noqa: S608  put together from constants
