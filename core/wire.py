"""News as JSON, as they travel between processes; another version's words are read as nothing."""

from __future__ import annotations

import logging
from datetime import datetime
from uuid import UUID

import msgspec

from core.generation import Progress, Stage
from core.ports import Settled

log = logging.getLogger(__name__)


class _Wire(msgspec.Struct, omit_defaults=True):
    """Bytes travel as Base64. `end` alone says that the request has settled."""

    sequence: int = 0
    stage: str = ""
    percent: int = 0
    eta_seconds: int | None = None
    preview: bytes | None = None
    preview_index: int = 0
    retry_at: datetime | None = None
    end: bool = False


SETTLED = msgspec.json.encode(_Wire(end=True))


def written(progress: Progress) -> bytes:
    return msgspec.json.encode(
        _Wire(
            sequence=progress.sequence,
            stage=progress.stage,
            percent=progress.percent,
            eta_seconds=progress.eta_seconds,
            preview=progress.preview,
            preview_index=progress.preview_index,
            retry_at=progress.retry_at,
        )
    )


def read(generation_id: UUID, body: bytes) -> Progress | Settled | None:
    """None for what is no news, or news that only a newer version understands."""
    try:
        wire = msgspec.json.decode(body, type=_Wire)
        return Settled(generation_id) if wire.end else _progress(generation_id, wire)
    except (msgspec.DecodeError, ValueError) as error:
        log.warning("news_not_understood", extra={"generation": str(generation_id), "reason": type(error).__name__})
        return None


def _progress(generation_id: UUID, wire: _Wire) -> Progress:
    return Progress(
        generation_id=generation_id,
        sequence=wire.sequence,
        stage=Stage(wire.stage),
        percent=wire.percent,
        eta_seconds=wire.eta_seconds,
        preview=wire.preview,
        preview_index=wire.preview_index,
        retry_at=wire.retry_at,
    )
