"""One request for pictures, from the asking to the picture: frozen records and the moves that are legal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from core.errors import Fault


class Status(StrEnum):
    """Where a request stands. The value is what the database stores."""

    QUEUED = "queued"
    RUNNING = "running"
    FINISHED = "finished"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def final(self) -> bool:
        return not LEGAL_MOVES[self]


LEGAL_MOVES: Mapping[Status, frozenset[Status]] = {
    # running → queued is the hand-back: a retry to come, or a worker that was lost. queued → finished is such a worker
    # that comes back with its pictures before anybody began anew.
    Status.QUEUED: frozenset({Status.RUNNING, Status.FINISHED, Status.CANCELLED, Status.FAILED}),
    Status.RUNNING: frozenset({Status.QUEUED, Status.FINISHED, Status.FAILED, Status.CANCELLED}),
    Status.FINISHED: frozenset(),
    Status.FAILED: frozenset(),
    Status.CANCELLED: frozenset(),
}


class Stage(StrEnum):
    """What is being done for a request right now; `start` is the percentage at which it begins."""

    QUEUED = "queued"
    INITIALISING = "initialising"
    GENERATING = "generating"
    PROCESSING = "processing"
    SAVING = "saving"
    COMPLETE = "complete"

    @property
    def start(self) -> int:
        return _STARTS[self]


_STARTS = {
    Stage.QUEUED: 10,
    Stage.INITIALISING: 30,
    Stage.GENERATING: 60,
    Stage.PROCESSING: 80,
    Stage.SAVING: 90,
    Stage.COMPLETE: 100,
}


@dataclass(frozen=True, slots=True)
class Requester:
    """Who asks, as the platform names them."""

    platform: str
    """`discord`, `slack`, `web` or `cli`."""
    external_id: str
    """The platform's own id, unique within it; Slack's is `team/user`."""
    name: str
    """For display only."""


@dataclass(frozen=True, slots=True)
class Venue:
    """Where somebody asks, and as what: what policies are laid down for."""

    workspace: str = ""
    """The Discord server or Slack workspace, `discord:81` or `slack:T1`; empty where there is none, as on the web."""
    channels: tuple[str, ...] = ()
    """The channel, the most particular first (a thread, then its channel), `discord:81/42`."""
    roles: tuple[str, ...] = ()
    """The platform's own ids of the asker's roles or user groups there."""


@dataclass(frozen=True, slots=True)
class ReplyTo:
    """The message to be edited to the end. Only the platform's courier reads the address."""

    platform: str
    address: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Options:
    """How the picture shall be made; every field is already valid for the model."""

    model: str
    width: int
    height: int
    quality: str
    count: int = 1
    style: str | None = None
    background: str = "auto"
    seed: int | None = None

    @property
    def size(self) -> str:
        return f"{self.width}x{self.height}"


@dataclass(frozen=True, slots=True)
class Reference:
    """A picture that came with the request and is to be worked from."""

    data: bytes = field(repr=False)
    media_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageRequest:
    """What an adapter hands to `Requesting.submit`."""

    requester: Requester
    prompt: str
    options: Options
    idempotency_key: str
    """One request per key for ever: `discord:<interaction id>`, `slack:<team>:<channel>:<ts>`, `web:<user>:<key>`."""
    reply_to: ReplyTo | None = None
    """None where nobody's message is to be edited (REST, the web chat and the terminal watch instead)."""
    thread: str | None = None
    """Names the conversation within the platform, e.g. `guild/channel`."""
    references: tuple[Reference, ...] = ()
    parent_image_id: UUID | None = None
    venue: Venue = Venue()


@dataclass(frozen=True, slots=True)
class Left:
    """What is left of a quota: `3 of 10 left today`."""

    pictures: int
    of: int
    span: str
    """`hour`, `day` or `month`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Generation:
    """A request as the database knows it."""

    id: UUID
    user_id: UUID
    status: Status
    prompt: str
    options: Options
    provider: str
    reply_to: ReplyTo | None
    requester: Requester
    created_at: datetime
    thread_id: UUID | None = None
    parent_image_id: UUID | None = None
    attempts: int = 0
    cancel_requested: bool = False
    started_at: datetime | None = None
    finished_at: datetime | None = None
    not_before: datetime | None = None
    fault: Fault | None = None
    fault_detail: str = ""
    revised_prompt: str | None = None
    cost_micro: int | None = None
    """What was paid, in millionths of a US dollar; None while unknown."""
    generation_time_ms: int | None = None
    counted: bool = False
    """Whether it uses up quotas and money."""
    reserved_micro: int = 0
    """What it was estimated to cost when it was accepted."""
    parked: bool = False
    """In the queue, but it waits for another request of the same person to end before it may have its turn."""
    max_running: int | None = None
    """How many requests of this person may run side by side; None for any number."""
    left: Left | None = None
    """Of the quota, when it was accepted."""

    def log_context(self) -> dict[str, str | int]:
        """Fields for the log; never the prompt, which is the user's."""
        return {"generation": str(self.id), "status": str(self.status), "attempts": self.attempts}


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A stored picture without its bytes."""

    id: UUID
    generation_id: UUID | None
    user_id: UUID
    position: int
    """0 for the first of a request's pictures."""
    prompt: str
    revised_prompt: str | None
    media_type: str
    width: int
    height: int
    byte_count: int
    cost_micro: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Accepted:
    """The answer to a request that was taken: committed, and its place in the queue."""

    generation: Generation
    position: int
    """1 is next; 0 once it runs."""
    eta_seconds: int | None
    """From the measured duration of such requests; None until there is one."""
    duplicate: bool = False
    """True when the same idempotency key had been accepted before."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a running request is. The latest one replaces all before it."""

    generation_id: UUID
    sequence: int
    """Grows with every update of one request, across attempts."""
    stage: Stage
    percent: int
    eta_seconds: int | None = None
    preview: bytes | None = field(default=None, repr=False)
    """The newest partial picture as a small JPEG; repeated until a newer one comes."""
    preview_index: int = 0
    """Counts the previews from 1; 0 while there is none."""
    retry_at: datetime | None = None
    """Set while waiting for the provider to take us again."""
