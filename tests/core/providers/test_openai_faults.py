"""The OpenAI provider on bad days: every failure ends as one ProviderError, after one call."""

from __future__ import annotations

import logging
import socket
import traceback
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from core import imaging
from core.errors import Fault, ProviderError
from core.ports import Made
from core.providers.openai import OpenAIProvider
from core.providers.openai.errors import told_in_stream
from tests.core.providers.calls import call, one_picture, previews, until_it_fails
from tests.core.providers.conftest import Connect
from tests.fakes.openai import FakeOpenAI, faults

SECRET = "sk-fake-0123456789abcdef"


@pytest.mark.parametrize(
    ("scripted", "fault", "previews_seen"),
    [
        (faults.moderation("violence"), Fault.MODERATED, 0),
        (faults.moderation_in_stream("sexual", "violence"), Fault.MODERATED, 1),
        (faults.moderation_in_stream("sexual", after_partials=0), Fault.MODERATED, 0),
        (faults.content_policy_violation(), Fault.MODERATED, 0),
        (faults.invalid_key(), Fault.INVALID_KEY, 0),
        (faults.not_permitted(), Fault.INVALID_KEY, 0),
        (faults.insufficient_quota(), Fault.QUOTA, 0),
        (faults.billing_limit(), Fault.BILLING_LIMIT, 0),
        (faults.rate_limit(), Fault.RATE_LIMITED, 0),
        (faults.server_error(), Fault.SERVER_ERROR, 0),
        (faults.overloaded(), Fault.SERVER_ERROR, 0),
        (faults.Cut(), Fault.CUT_OFF, 0),
        (faults.Cut(reset=True), Fault.CUT_OFF, 0),
        (faults.Cut(after_partials=2), Fault.CUT_OFF, 2),
        (faults.bad_base64(), Fault.BAD_IMAGE, 3),
        (faults.not_an_image(), Fault.BAD_IMAGE, 3),
        (faults.Page(), Fault.BAD_IMAGE, 0),
    ],
    ids=lambda value: getattr(value, "__class__", type(value)).__name__ if not isinstance(value, int) else str(value),
)
async def test_each_failure_is_told_apart_and_never_repeated(
    fake: FakeOpenAI, provider: OpenAIProvider, scripted: faults.Fault, fault: Fault, previews_seen: int
) -> None:
    fake.script(scripted)
    seen, error = await until_it_fails(provider, call())
    assert error.fault is fault
    assert len(previews(seen)) == previews_seen
    assert len(fake.calls) == 1
    assert isinstance(await one_picture(provider, call()), Made)  # and the next call is none the worse for it


@pytest.mark.parametrize("scripted", [faults.Hang(), faults.Hang(after_partials=1), faults.Trickle()], ids=repr)
async def test_the_time_for_a_picture_is_a_total(fake: FakeOpenAI, connect: Connect, scripted: faults.Fault) -> None:
    fake.script(scripted)
    _, error = await until_it_fails(connect(timeout_seconds=0.5), call())
    assert error.fault is Fault.TIMEOUT
    await fake.calls[0].dropped.wait()


@pytest.mark.parametrize("scripted", [faults.truncated_png(), faults.bomb()], ids=["truncated", "bomb"])
async def test_what_only_looks_like_a_picture_is_found_out_by_decoding(
    fake: FakeOpenAI, provider: OpenAIProvider, scripted: faults.Garbage
) -> None:
    fake.script(scripted)
    made = await one_picture(provider, call())
    with pytest.raises(ProviderError) as caught:
        imaging.check(made.data, max_bytes=50_000_000)
    assert caught.value.fault is Fault.BAD_IMAGE


async def test_a_refused_connection_is_unreachable(connect: Connect) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, but nobody listens
        _, error = await until_it_fails(connect(base_url=f"http://127.0.0.1:{taken.getsockname()[1]}/v1"), call())
    assert error.fault is Fault.UNREACHABLE


async def test_moderation_names_the_categories(fake: FakeOpenAI, provider: OpenAIProvider) -> None:
    fake.script(faults.moderation("violence", "self-harm"), faults.moderation_in_stream("sexual"))
    assert (await until_it_fails(provider, call()))[1].detail == "violence, self-harm"
    assert (await until_it_fails(provider, call()))[1].detail == "sexual"


@pytest.mark.parametrize(
    ("headers", "hint", "seconds"),
    [
        ({"retry-after": "7"}, "", 7),
        ({"retry-after": "1.5"}, "", 1.5),
        ({"retry-after-ms": "250", "retry-after": "9"}, "", 0.25),
        ({"retry-after": "-3"}, "", 0),
        ({}, "Please try again in 12s.", 12),
        ({}, "Please try again in 300ms.", 0.3),
        ({"retry-after": "soon"}, "", None),
        ({"retry-after": "nan"}, "", None),
        ({}, "", None),
    ],
)
async def test_the_wait_is_read_from_headers_or_sentence(
    fake: FakeOpenAI, provider: OpenAIProvider, headers: dict[str, str], hint: str, seconds: float | None
) -> None:
    fake.script(faults.rate_limit(headers, hint))
    _, error = await until_it_fails(provider, call())
    assert error.retry_after == (None if seconds is None else pytest.approx(seconds))


async def test_the_wait_may_be_a_date(fake: FakeOpenAI, provider: OpenAIProvider) -> None:
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)
    fake.script(faults.rate_limit({"retry-after": later}))
    _, error = await until_it_fails(provider, call())
    assert error.retry_after is not None
    assert 20 < error.retry_after <= 30


async def test_what_the_api_refuses_is_rejected_with_its_reason(fake: FakeOpenAI, provider: OpenAIProvider) -> None:
    _, error = await until_it_fails(provider, call("x" * 32_001))
    assert error.fault is Fault.REJECTED
    assert "string too long" in error.detail


async def test_a_model_that_the_server_lost_is_unknown(fake: FakeOpenAI, provider: OpenAIProvider) -> None:
    fake.models.clear()
    _, error = await until_it_fails(provider, call())
    assert error.fault is Fault.UNKNOWN_MODEL


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ({"code": "rate_limit_exceeded", "message": "slow down"}, Fault.RATE_LIMITED),
        ({"code": "insufficient_quota"}, Fault.QUOTA),
        ({"type": "insufficient_quota"}, Fault.QUOTA),
        ({"code": "billing_hard_limit_reached"}, Fault.BILLING_LIMIT),
        ({"type": "image_generation_user_error", "code": None}, Fault.MODERATED),
        ({"code": "image_content_policy_violation"}, Fault.MODERATED),
        ({"code": "moderation_blocked", "moderation_details": {"categories": ["hate"]}}, Fault.MODERATED),
        ({"code": "server_error"}, Fault.SERVER_ERROR),
        ({"type": "invalid_request_error", "message": "no"}, Fault.REJECTED),
        ("out of memory", Fault.SERVER_ERROR),
        ({"code": 17, "message": {"odd": True}}, Fault.SERVER_ERROR),
        ([1, 2], Fault.SERVER_ERROR),
    ],
)
def test_an_error_told_in_the_stream_is_told_apart(body: Any, fault: Fault) -> None:
    assert told_in_stream(body).fault is fault


async def test_the_key_is_in_no_repr_log_or_traceback(
    fake: FakeOpenAI, connect: Connect, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    provider = connect()
    said = [repr(provider), str(vars(provider))]
    echo = faults.Refuse(400, {"message": f"bad header Authorization: Bearer {SECRET}", "type": "x", "code": None})
    cases = (faults.invalid_key(SECRET), echo, faults.Cut(), faults.Cut(after_partials=1), faults.server_error())
    for fault in cases:
        fake.script(fault)
        _, error = await until_it_fails(provider, call())
        said += [repr(error), str(error), error.detail, "".join(traceback.format_exception(error))]
    assert fake.api_key == SECRET
    assert SECRET not in "".join([*said, caplog.text])
    assert "0123456789" not in "".join(said)


def test_a_key_of_any_kind_that_a_server_repeats_is_blotted_out() -> None:
    body = {"message": "neither local-key-123 nor sk-proj-999888 will do", "type": "invalid_request_error"}
    assert told_in_stream(body, "local-key-123").detail == "in the stream: neither … nor sk-… will do"


async def test_a_key_that_lacks_a_permission_is_told_which(fake: FakeOpenAI, provider: OpenAIProvider) -> None:
    fake.script(faults.not_permitted())
    _, error = await until_it_fails(provider, call())
    assert "must be verified" in error.detail


@pytest.mark.parametrize("key", ["sk-with-a-line-break-9999\n", "sk-with-an-ellipsis-9999…"])
async def test_a_key_that_cannot_be_sent_is_an_error_that_does_not_quote_it(connect: Connect, key: str) -> None:
    _, error = await until_it_fails(connect(api_key=key), call())
    assert error.fault in {Fault.INVALID_KEY, Fault.UNREACHABLE}
    assert "9999" not in "".join(traceback.format_exception(error))
