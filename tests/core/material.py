"""Requests and pictures to test with."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import itertools
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from core.clock import now
from core.generation import ImageRequest, Options, ReplyTo, Requester
from core.limits import Price
from core.periods import Periods
from core.policies import Policy, Scope
from core.ports import Made, Outcome, StoredImage, Terms, Usage
from tests.fakes.pictures import drawn

ADA = Requester("discord", "1", "Ada")
BOB = Requester("slack", "T1/U2", "Bob")
OPTIONS = Options(model="gpt-image-2.5-flare", width=1024, height=1024, quality="medium")

LEASE = timedelta(seconds=30)
GONE = timedelta(seconds=-1)
"""A lease that has run out already."""

_numbers = itertools.count()


def request(requester: Requester = ADA, **changed: Any) -> ImageRequest:
    """A request with a key of its own."""
    given: dict[str, Any] = {
        "prompt": "a lighthouse",
        "options": OPTIONS,
        "idempotency_key": f"test:{next(_numbers)}",
        "reply_to": ReplyTo(requester.platform, {"message": "1"}),
        "thread": "guild/channel",
    }
    return ImageRequest(requester=requester, **(given | changed))


def terms(courier: str | None = "bot-1", **changed: Any) -> Terms:
    """Without limits, unless the test lays some down."""
    given: dict[str, Any] = {
        "provider": "openai",
        "price": Price(pictures=1, micro=13_220),
        "periods": Periods(now(), ZoneInfo("UTC")),
        "default_tier": "unlimited",
        "ceiling": Policy(scope=Scope.INSTALLATION, subject=""),
        "courier": courier,
    }
    return Terms(**(given | changed))


def picture(colour: str = "teal", size: tuple[int, int] = (64, 64)) -> bytes:
    """A small real PNG."""
    return drawn("PNG", colour, size)


def made(position: int = 0, data: bytes | None = None, **changed: Any) -> Made:
    body = picture() if data is None else data
    given: dict[str, Any] = {"usage": Usage(text_in=10, out=439), "base64": base64.b64encode(body).decode()}
    return Made(position=position, data=body, **(given | changed))


def outcome(*pictures: Made) -> Outcome:
    """Of pictures that were looked at already. Wants a running loop."""
    every = pictures or (made(),)
    checked: asyncio.Future[Sequence[StoredImage]] = asyncio.get_running_loop().create_future()
    checked.set_result(
        [
            StoredImage(
                made=one,
                media_type="image/png",
                width=64,
                height=64,
                thumbnail_base64=one.base64,
                cost_micro=13_220,
                sha256=hashlib.sha256(one.data).hexdigest(),
            )
            for one in every
        ]
    )
    return Outcome(
        made=every,
        checked=checked,
        provider_prompt="a lighthouse",
        cost_micro=13_220 * len(every),
        generation_time_ms=5,
    )
