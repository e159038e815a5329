"""How often one may come: by token, by address, and at the door."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import ip_network

import pytest

from bot.web import WebConfig
from core.rates import MovingRates
from tests.bot.web.site import CONFIG, Site, serving
from tests.bot.web.test_sessions import SAME
from tests.fakes.workshop import Workshop


def paced(**changed: object) -> WebConfig:
    return replace(CONFIG, rates=MovingRates(None), **changed)  # type: ignore[arg-type]


async def told(site: Site, headers: dict[str, str] | None = None) -> int:
    return (await site.rest("GET", "/usage", headers=headers)).status


async def test_a_token_that_comes_too_often_is_told_when_it_may_come_again() -> None:
    async with serving(Workshop(), paced(per_minute=3)) as site:
        answers = [await site.rest("GET", "/queue") for _ in range(4)]
        other = await site.as_user("eve")
        assert await told(other) == 200
    assert [answer.status for answer in answers] == [200, 200, 200, 429]
    assert [answer.headers["RateLimit-Remaining"] for answer in answers] == ["2", "1", "0", "0"]
    assert {answer.headers["RateLimit-Limit"] for answer in answers} == {"3"}
    error = answers[-1].json()["error"]
    assert (error["code"], error["limit"]) == ("limit_reached", "requests")
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 60
    assert error["next_step"].startswith("Please wait")


async def test_an_address_is_counted_whatever_token_it_tries() -> None:
    async with serving(Workshop(), paced(per_minute_per_address=3)) as site:
        tried = [await told(site.signed_in_with(f"limner_{n}")) for n in range(4)]
        assert await told(site) == 429
    assert tried == [401, 401, 401, 429]


async def test_what_watches_the_server_and_what_the_page_is_made_of_is_not_counted() -> None:
    async with serving(Workshop(), paced(per_minute_per_address=1)) as site:
        nobody = site.signed_in_with(None)
        for path in ("/healthz", "/readyz", "/static/chat.js") * 3:
            assert (await nobody.ask("GET", path)).status == 200
        assert [(await nobody.ask("GET", "/sign-in")).status for _ in range(2)] == [200, 429]


async def test_tokens_are_tried_at_the_door_ten_times_a_minute() -> None:
    async with serving(Workshop(), paced()) as site:
        nobody = site.signed_in_with(None)
        tried = [
            (await nobody.ask("POST", "/sign-in", data={"token": f"limner_{n}"}, headers=SAME)).status
            for n in range(11)
        ]
        good = await nobody.ask("POST", "/sign-in", data={"token": site.token}, headers=SAME)
    assert tried == [401] * 10 + [429]
    assert (good.status, "Set-Cookie" in good.headers) == (429, False)


@pytest.mark.parametrize(
    ("trusted", "told_of", "counted_apart"),
    [
        ((), ["203.0.113.1", "203.0.113.2"], False),
        (("127.0.0.1/32",), ["203.0.113.1", "203.0.113.2"], True),
        (("127.0.0.1/32",), ["203.0.113.1, 198.51.100.7", "203.0.113.2, 198.51.100.7"], False),
        (("127.0.0.1/32", "10.0.0.0/8"), ["203.0.113.1, 10.0.0.9", "203.0.113.2, 10.0.0.9"], True),
        (("127.0.0.1/32",), ["2001:db8:1:1::1", "2001:db8:1:1::2"], False),
        (("127.0.0.1/32",), ["2001:db8:1:1::1", "2001:db8:1:2::1"], True),
        (("127.0.0.1/32",), ["nonsense", "more nonsense"], False),
    ],
    ids=str,
)
async def test_only_what_a_trusted_proxy_wrote_last_says_where_somebody_is(
    trusted: tuple[str, ...], told_of: list[str], counted_apart: bool
) -> None:
    config = paced(per_minute_per_address=1, trusted_proxies=tuple(map(ip_network, trusted)))
    async with serving(Workshop(), config) as site:
        answers = [await told(site, {"X-Forwarded-For": one}) for one in told_of]
    assert answers == [200, 200 if counted_apart else 429]


async def test_no_limit_is_no_limit() -> None:
    async with serving(Workshop(), paced(per_minute=0, per_minute_per_address=0)) as site:
        assert {await told(site) for _ in range(10)} == {200}
