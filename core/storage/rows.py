"""Between rows and records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from sqlalchemy import Row

from core.errors import Fault
from core.generation import Generation, Left, Options, Picture, ReplyTo, Requester, Status
from core.storage.tables import generated_images, generations

AnyRow = Row[*tuple[Any, ...]]

GENERATION = (
    generations.c.id,
    generations.c.user_id,
    generations.c.thread_id,
    generations.c.parent_image_id,
    generations.c.status,
    generations.c.prompt,
    generations.c.options,
    generations.c.provider,
    generations.c.requester,
    generations.c.reply_to,
    generations.c.attempts,
    generations.c.cancel_requested,
    generations.c.not_before,
    generations.c.fault,
    generations.c.fault_detail,
    generations.c.revised_prompt,
    generations.c.cost_micro,
    generations.c.generation_time_ms,
    generations.c.created_at,
    generations.c.started_at,
    generations.c.finished_at,
    generations.c.counted,
    generations.c.reserved_micro,
    generations.c.parked,
    generations.c.max_running,
    generations.c.quota_left,
)

GENERATION_NAMES = tuple(column.name for column in GENERATION)

PICTURE = (
    generated_images.c.id,
    generated_images.c.generation_id,
    generated_images.c.user_id,
    generated_images.c.position,
    generated_images.c.prompt_text,
    generated_images.c.media_type,
    generated_images.c.width,
    generated_images.c.height,
    generated_images.c.byte_count,
    generated_images.c.cost_micro,
    generated_images.c.created_at,
    generated_images.c.metadata["revised_prompt"].astext.label("revised_prompt"),
)


def generation(row: AnyRow) -> Generation:
    """A row that begins with GENERATION's columns."""
    fields = dict(zip(GENERATION_NAMES, row, strict=False))
    reply_to = fields.pop("reply_to")
    fault = fields.pop("fault")
    left = fields.pop("quota_left")
    return Generation(
        **{
            **fields,
            "status": Status(fields["status"]),
            "options": Options(**fields["options"]),
            "requester": Requester(**fields["requester"]),
        },
        reply_to=None if reply_to is None else ReplyTo(**reply_to),
        fault=None if fault is None else Fault(fault),
        left=None if left is None else Left(**left),
    )


def picture(row: AnyRow) -> Picture:
    """A row of PICTURE's columns."""
    fields = dict(row._mapping)  # noqa: SLF001  SQLAlchemy's documented way to a mapping
    return Picture(prompt=fields.pop("prompt_text"), **fields)


def reply_to_json(reply_to: ReplyTo | None) -> Mapping[str, object] | None:
    return None if reply_to is None else {"platform": reply_to.platform, "address": dict(reply_to.address)}


def options_json(options: Options) -> dict[str, object]:
    return asdict(options)


def requester_json(requester: Requester) -> dict[str, str]:
    return asdict(requester)


def kind_of(options: Options) -> str:
    """Requests of one kind take about as long as one another."""
    return f"{options.model}/{options.size}/{options.quality}/{options.count}"
