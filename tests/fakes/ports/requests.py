"""Accepting requests and asking after them, in memory: the same turns and the same medians as in the database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from statistics import median
from uuid import NAMESPACE_URL, UUID, uuid4, uuid5

from core.clock import now
from core.fairness import turn
from core.generation import Accepted, Generation, ImageRequest, Options, Reference, Requester, Status, Venue
from core.limits import Facts, Tally, decide
from core.policies import UNLIMITED, Policy, Scope
from core.ports import Terms
from tests.fakes.ports.deliveries import MemoryDeliveries
from tests.fakes.ports.stores import MemoryAccounts

ENOUGH = 3
"""Durations below which no figure is given."""


@dataclass(slots=True)
class MemoryRequests:
    """Implements `core.ports.RequestStore`. `deliveries` shares its rows, as tables of one database do."""

    accounts: MemoryAccounts = field(default_factory=MemoryAccounts)
    generations: dict[UUID, Generation] = field(default_factory=dict)
    keys: dict[str, UUID] = field(default_factory=dict)
    brought: dict[UUID, tuple[Reference, ...]] = field(default_factory=dict)
    starts: dict[UUID, float] = field(default_factory=dict)
    """By request: its place in the fair order; see `core.fairness`."""
    finishes: dict[UUID, float] = field(default_factory=dict)
    """By user: where the next request would start."""
    seconds: float | None = None
    """How long every request usually takes, where a test says so."""
    policies: list[Policy] = field(default_factory=lambda: [UNLIMITED])
    """What is laid down for everybody who asks here."""
    tallies: list[Tally] = field(default_factory=list)
    """What everybody who asks here has used; set by tests, for nothing is booked in memory."""
    last_accepted_at: datetime | None = None
    proposals: dict[UUID, ImageRequest] = field(default_factory=dict)
    deliveries: MemoryDeliveries = field(init=False)

    def __post_init__(self) -> None:
        self.deliveries = MemoryDeliveries(self.generations)

    async def accept(self, request: ImageRequest, terms: Terms) -> Accepted:
        if known := self.keys.get(request.idempotency_key):
            first = self.generations[known]
            return Accepted(first, await self.position(first), None, duplicate=True)
        facts = await self.facts(request.requester, request.venue, terms)
        verdict = decide(facts, terms.price, terms.periods, terms.upgrade)
        generation = replace(
            await self._row(request, terms.provider),
            counted=terms.price.counted,
            reserved_micro=terms.price.micro if terms.price.counted else 0,
            max_running=verdict.max_running,
            left=verdict.left,
        )
        self.keys[request.idempotency_key] = generation.id
        self.generations[generation.id] = generation
        self.brought[generation.id] = request.references
        self._queue(generation, float(terms.price.pictures))
        if request.reply_to is not None:
            self.deliveries.open(generation.id, request.reply_to.platform, terms.courier)
        typical = await self.typical_seconds(request.options, terms.provider)
        return Accepted(generation, await self.position(generation), None if typical is None else round(typical))

    async def facts(self, requester: Requester, venue: Venue, terms: Terms) -> Facts:
        user_id = await self.accounts.user_id(requester)
        queued = [one for one in self.generations.values() if one.user_id == user_id and one.status is Status.QUEUED]
        return Facts(
            tier=next((one.subject for one in self.policies if one.scope is Scope.TIER), terms.default_tier),
            policies=[terms.ceiling, *self.policies],
            tallies=self.tallies,
            waiting=len(queued),
            last_accepted_at=self.last_accepted_at,
        )

    async def unpark(self, generation: Generation) -> Sequence[UUID]:
        return ()

    async def propose(self, request: ImageRequest) -> UUID:
        proposal_id = uuid4()
        self.proposals[proposal_id] = request
        return proposal_id

    async def proposal(self, proposal_id: UUID, requester: Requester) -> ImageRequest | None:
        found = self.proposals.get(proposal_id)
        return found if found is not None and found.requester == requester else None

    async def generation(self, generation_id: UUID) -> Generation | None:
        return self.generations.get(generation_id)

    async def references(self, generation_id: UUID) -> tuple[Reference, ...]:
        return self.brought.get(generation_id, ())

    async def recent(self, user_id: UUID, limit: int) -> Sequence[Generation]:
        return [one for one in self.generations.values() if one.user_id == user_id][-limit:]

    async def open_of(self, user_id: UUID) -> Sequence[Generation]:
        return [one for one in self.generations.values() if one.user_id == user_id and not one.status.final]

    async def line(self) -> int:
        return sum(one.status is Status.QUEUED for one in self.generations.values())

    async def position(self, generation: Generation) -> int:
        queued = [one.id for one in self.generations.values() if one.status is Status.QUEUED]
        line = sorted(queued, key=self.starts.__getitem__)
        return line.index(generation.id) + 1 if generation.id in line else 0

    async def cancel(self, generation_id: UUID) -> Generation | None:
        before = self.generations.get(generation_id)
        if before is None or before.status.final:
            return before
        if before.status is Status.QUEUED:
            return self.change(generation_id, status=Status.CANCELLED, cancel_requested=True, finished_at=now())
        return self.change(generation_id, cancel_requested=True)

    async def typical_seconds(self, options: Options, provider: str) -> float | None:
        if self.seconds is not None:
            return self.seconds
        took = [
            one.generation_time_ms
            for one in self.generations.values()
            if one.generation_time_ms is not None and one.provider == provider and _alike(one.options, options)
        ]
        return median(took) / 1000 if len(took) >= ENOUGH else None

    def change(self, generation_id: UUID, **values: object) -> Generation:
        self.generations[generation_id] = replace(self.generations[generation_id], **values)  # type: ignore[arg-type]
        return self.generations[generation_id]

    def _queue(self, generation: Generation, cost: float) -> None:
        served = max((self.starts[one.id] for one in self.generations.values() if one.started_at), default=0.0)
        start, finish = turn(served, self.finishes.get(generation.user_id, 0.0), cost)
        self.starts[generation.id] = start
        self.finishes[generation.user_id] = finish

    async def _row(self, request: ImageRequest, provider: str) -> Generation:
        thread = request.thread and uuid5(NAMESPACE_URL, f"{request.requester.platform}/{request.thread}")
        return Generation(
            id=uuid4(),
            thread_id=thread or None,
            user_id=await self.accounts.user_id(request.requester),
            status=Status.QUEUED,
            created_at=now(),
            provider=provider,
            requester=request.requester,
            prompt=request.prompt,
            options=request.options,
            reply_to=request.reply_to,
            parent_image_id=request.parent_image_id,
        )


def _alike(one: Options, other: Options) -> bool:
    """Whether two requests take about as long as one another."""
    return (one.model, one.size, one.quality, one.count) == (other.model, other.size, other.quality, other.count)
