"""For whoever keeps the server running."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace

from tests.bot.web.site import CONFIG, Site, serving
from tests.fakes.workshop import Workshop


async def well() -> None:
    """Answers."""


async def ill() -> None:
    raise ConnectionRefusedError("postgres at 10.0.0.7")


async def test_a_living_process_says_so(site: Site) -> None:
    answer = await site.signed_in_with(None).rest("GET", "/healthz")
    assert answer.json() == {"status": "ok"}


async def test_readiness_names_each_check_and_fails_with_any() -> None:
    async with serving(Workshop(), replace(CONFIG, ready_checks={"database": well, "redis": ill})) as site:
        answer = await site.signed_in_with(None).rest("GET", "/readyz")
    assert answer.status == 503
    assert answer.json() == {"status": "not_ready", "checks": {"database": "ok", "redis": "failed"}}


async def test_readiness_is_well_when_all_is() -> None:
    async with serving(Workshop(), replace(CONFIG, ready_checks={"database": well})) as site:
        answer = await site.rest("GET", "/readyz")
    assert (answer.status, answer.json()["checks"]) == (200, {"database": "ok"})


async def test_slacks_requests_reach_slack() -> None:
    async def slack(body: bytes, headers: Mapping[str, str], query: str) -> tuple[int, Mapping[str, str], str]:
        return 201, {"X-Heard": headers["X-Slack-Signature"]}, f"heard {body.decode()} {query}"

    async with serving(Workshop(), replace(CONFIG, slack_http=slack)) as site:
        signed = {"X-Slack-Signature": "v0=1"}
        answer = await site.signed_in_with(None).ask("POST", "/slack/events?a=b", data=b"payload=1", headers=signed)
    assert (answer.status, answer.text, answer.headers["X-Heard"]) == (201, "heard payload=1 a=b", "v0=1")


async def test_without_slack_there_is_no_such_address(site: Site) -> None:
    assert (await site.ask("POST", "/slack/events", data=b"x")).status == 404


async def test_a_stopped_server_is_not_ready_and_its_port_is_free() -> None:
    async with serving(Workshop()) as site:
        adapter, port = site.adapter, site.adapter.port
        assert adapter.courier is None
        assert port > 0
    assert not adapter.ready.is_set()
    server = await asyncio.start_server(lambda *_: None, "127.0.0.1", port)
    server.close()
    await server.wait_closed()
