"""The rules of the house: what the operator set, and the terms on which each request is therefore accepted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from uuid import UUID
from zoneinfo import ZoneInfo

from core import wording
from core.catalogue import Catalogue
from core.clock import Clock, now
from core.generation import ImageRequest, Options, Requester
from core.limits import Meter, Price
from core.periods import Periods
from core.policies import Policy, Scope
from core.ports import Notice, Terms

AT_ONCE = 200
"""Requests that can be between their decision and their commit at the same time, over all processes; well above the
connections that PostgreSQL allows."""

UNCOUNTED = frozenset({"demo"})
"""Providers whose pictures cost nothing, and which therefore use nothing up."""

REACHED_DIRECTLY = frozenset({"discord", "slack"})
"""Platforms on which somebody can be written to."""


@dataclass(frozen=True, kw_only=True)
class House:
    """Where the operator's settings and the clock come together."""

    catalogue: Catalogue
    default_tier: str = "free"
    ceiling: Policy = field(default_factory=lambda: Policy(scope=Scope.INSTALLATION, subject=""))
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    upgrade_url: str = ""
    confirm_above_micro: int | None = None
    """What may be spent on one request without asking; None never asks."""
    alert_to: tuple[tuple[str, str], ...] = ()
    """Where admins hear of budgets that run out: platform and address."""
    message_lease: timedelta = timedelta(seconds=30)
    """How long the process that accepted a request owns its message before it says so again."""
    clock: Clock = now

    @property
    def periods(self) -> Periods:
        return Periods(self.clock(), self.zone)

    @property
    def upgrade(self) -> str:
        return f"To get more: {self.upgrade_url}" if self.upgrade_url else ""

    def price(self, options: Options, prompt: str, references: int = 0) -> Price:
        """What a request should cost, by the catalogue."""
        model = self.catalogue.find(options.model)
        return Price(
            pictures=options.count,
            micro=model.estimate_micro(options, prompt, references) if model else 0,
            counted=model is not None and model.provider not in UNCOUNTED,
        )

    def to_be_confirmed(self, price: Price) -> bool:
        return price.counted and self.confirm_above_micro is not None and price.micro > self.confirm_above_micro

    def terms(self, request: ImageRequest, courier: str | None) -> Terms:
        model, periods = self.catalogue.find(request.options.model), self.periods
        return Terms(
            provider=model.provider if model else "",
            price=self.price(request.options, request.prompt, len(request.references)),
            periods=periods,
            default_tier=self.default_tier,
            ceiling=self.ceiling,
            slack_micro=self._slack_micro,
            courier=courier,
            lease=self.message_lease,
            upgrade=self.upgrade,
            notices=lambda meters, user_id: self._notices(meters, user_id, request.requester, periods),
        )

    @cached_property
    def _slack_micro(self) -> int:
        return AT_ONCE * max((model.dearest_micro for model in self.catalogue.models), default=0)

    def looking(self) -> Terms:
        """For reading what somebody may do, without asking for anything."""
        nothing = Price(pictures=0, micro=0)
        return Terms(
            provider="", price=nothing, periods=self.periods, default_tier=self.default_tier, ceiling=self.ceiling
        )

    def _notices(self, meters: Sequence[Meter], user_id: UUID, who: Requester, periods: Periods) -> Sequence[Notice]:
        """A person hears of their own budget, admins of those that are shared."""
        return [
            Notice(
                key=f"80/{one.scope}/{one.subject or (user_id if one.scope is Scope.USER else '')}/{one.limit}/"
                f"{periods.label(one.span)}",
                platform=platform,
                address=address,
                title=wording.alert_title(one.scope.value),
                body=wording.alert(one.scope.value, one.subject, one.used, one.of, one.span.words),
            )
            for one in meters
            for platform, address in self._audience(one, who)
        ]

    def _audience(self, meter: Meter, who: Requester) -> Sequence[tuple[str, str]]:
        if meter.scope is not Scope.USER:
            return self.alert_to
        return [(who.platform, f"user:{who.external_id}")] if who.platform in REACHED_DIRECTLY else []
