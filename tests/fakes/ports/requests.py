"""Accepting requests and asking after them, in memory: the same turns and the same medians as in the database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from statistics import median
from uuid import NAMESPACE_URL, UUID, uuid4, uuid5

from core.clock import now
from core.fairness import ready_in, turn
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
    side_by_side: int = 1
    """How many requests were worked on at a time lately."""
    policies: list[Policy] = field(default_factory=lambda: [UNLIMITED])
    """What is laid down for everybody who asks here."""
    tallies: list[Tally] = field(default_factory=list)
    """What everybody who asks here has used; set by tests, for nothing is booked in memory."""
    last_accepted_at: datetime | None = None
    venues: list[Venue] = field(default_factory=list)
    """Where each accepted request was made, in order."""
    proposals: dict[UUID, ImageRequest] = field(default_factory=dict)
    deliveries: MemoryDeliveries = field(init=False)

    def __post_init__(self) -> None:
        self.deliveries = MemoryDeliveries(self.generations)

    async def accept(self, request: ImageRequest, terms: Terms) -> Accepted:
        if known := await self.known(request.idempotency_key):
            return known
        facts = await self.facts(request.requester, request.venue, terms)
        verdict = decide(facts, terms.price, terms.periods, terms.upgrade)
        generation = replace(
            await self._row(request, terms.provider),
            counted=terms.price.counted,
            reserved_micro=terms.price.micro if terms.price.counted else 0,
            parked=verdict.parked,
            max_running=verdict.max_running,
            left=verdict.left,
        )
        self.keys[request.idempotency_key] = generation.id
        self.venues.append(request.venue)
        self.generations[generation.id] = generation
        self.brought[generation.id] = request.references
        self._queue(generation, float(terms.price.pictures))
        if request.reply_to is not None:
            self.deliveries.open(generation.id, request.reply_to.platform, terms.courier)
        return await self._placed(generation)

    async def known(self, idempotency_key: str) -> Accepted | None:
        known = self.keys.get(idempotency_key)
        return None if known is None else replace(await self._placed(self.generations[known]), duplicate=True)

    async def facts(self, requester: Requester, venue: Venue, terms: Terms) -> Facts:
        user_id = await self.accounts.user_id(requester)
        every = [one for one in self.generations.values() if one.user_id == user_id and not one.status.final]
        queued = [one for one in every if one.status is Status.QUEUED]
        return Facts(
            tier=next((one.subject for one in self.policies if one.scope is Scope.TIER), terms.default_tier),
            policies=[terms.ceiling, *self.policies],
            tallies=self.tallies,
            open_at_once=sum(not one.parked for one in every),
            waiting=len(queued),
            last_accepted_at=self.last_accepted_at,
        )

    async def unpark(self, generation: Generation) -> Sequence[UUID]:
        every = [one for one in self.generations.values() if one.user_id == generation.user_id and not one.status.final]
        parked = sorted((one for one in every if one.parked), key=lambda one: self.starts[one.id])
        room = max((one.max_running or 0 for one in parked), default=0) - (len(every) - len(parked))
        freed = [one.id for one in parked[: max(0, room)]]
        for one in freed:
            self.change(one, parked=False)
        return freed

    async def propose(self, request: ImageRequest) -> UUID:
        proposal_id = uuid4()
        self.proposals[proposal_id] = request
        return proposal_id

    async def proposal(self, proposal_id: UUID, requester: Requester) -> ImageRequest | None:
        found = self.proposals.get(proposal_id)
        if found is None or await self.accounts.user_id(found.requester) != await self.accounts.user_id(requester):
            return None
        return found

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
        current = self.generations[generation.id]
        if current.status is not Status.QUEUED:
            return 0
        waiting = [one for one in self.generations.values() if one.status is Status.QUEUED]
        ahead = [one for one in waiting if self._turn(one) < self._turn(current) and not one.parked]
        return len(ahead) + 1

    async def standing(self, generation_id: UUID) -> Accepted | None:
        found = self.generations.get(generation_id)
        return None if found is None else await self._placed(found)

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

    async def _placed(self, generation: Generation) -> Accepted:
        position = await self.position(generation)
        waits = generation.status is Status.QUEUED and not generation.parked
        typical = await self.typical_seconds(generation.options, generation.provider) if waits else None
        running = sum(one.status is Status.RUNNING for one in self.generations.values())
        return Accepted(generation, position, ready_in(typical, position, max(running, self.side_by_side)))

    def _turn(self, generation: Generation) -> tuple[float, datetime]:
        return self.starts[generation.id], generation.created_at

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
