"""Whatever was typed, every message stays within Slack's limits and is never markup."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack import admin_answers, answers, forms, question_form, queue_message, render, usage
from bot.slack.blocks import FALLBACK, Message
from bot.slack.origin import Origin
from bot.slack.place import Place
from bot.slack.question_form import Question
from bot.slack.text import decoded, escaped, plain, shown, without_mention
from core.administering import SpendReport
from core.catalogue import load_catalogue
from core.errors import BadRequest, ConfirmFirst, Fault, Limit, LimitReached, NotAllowed, SwitchedOff
from core.generation import Accepted, Options, Progress, ReplyTo, Stage, Status
from core.limits import Meter
from core.metering import Usage
from core.periods import Span
from core.policies import PERSONAL, Policy, Scope
from core.ports import Assignment, LostCall, Spend
from core.queueing import Queue
from core.styles import load_styles
from core.views import Cancelled, Failed, Working
from tests.fakes.pictures import drawn
from tests.fakes.records import finished, generation, waiting
from tests.fakes.slack.blocks import MESSAGE_TEXT_TOTAL, block_faults, text_total, view_faults

CATALOGUE = load_catalogue()
DRAWN = drawn()
OUR_TIME = re.compile(r"(Resets|It resets|You can ask again at) <!date\^\d+\^[a-z_{} ]+\|[\w :]+>")
NASTY = [
    "<!channel> <!here|here> <@U0BOB> <https://evil.example|click>",
    "*bold* _it_ ~no~ `code` ```block``` :boom:",
    "&lt;!channel&gt; &amp;amp;",
    "\x00\x1b[31m\x07\u202egpj.exe\u2066",
    "\ud800 half",
    "x" * 40_000,
    "&" * 3000,
    "\n" * 500,
    "🦊" * 5000,
    " ",
    "",
]
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
METERED = [limit for limit in Limit if limit.value.startswith(("pictures", "spend"))]
FULL: dict[str, Any] = dict.fromkeys([*PERSONAL, "pool_day_micro", "pool_month_micro"], 10**12)
typed = st.one_of(st.sampled_from(NASTY), st.text(max_size=4000))


def judged(message: Message) -> Message:
    """Fails where Slack would refuse the message."""
    payload = message.payload()
    assert block_faults(payload.get("blocks", []), "message", lambda _: False) == []
    assert text_total(payload.get("blocks", [])) <= MESSAGE_TEXT_TOTAL
    assert 1 <= len(payload["text"]) <= FALLBACK * 5
    json.dumps(payload).encode()
    assert_no_markup(payload["text"])
    assert_plain(payload.get("blocks", []))
    return message


def assert_no_markup(text: str) -> None:
    assert "<" not in text
    assert ">" not in text
    assert "\x00" not in text
    assert "\u202e" not in text


def assert_plain(part: object) -> None:
    """No text object is mrkdwn but the one that names the asker, and times of ours."""
    if isinstance(part, dict):
        if part.get("type") == "mrkdwn":
            assert part["text"] == "Asked by <@U0ALICE>" or OUR_TIME.fullmatch(part["text"])
        for value in part.values():
            assert_plain(value)
    if isinstance(part, list):
        for value in part:
            assert_plain(value)


def place(notes: tuple[str, ...] = (), user: str = "U0ALICE") -> Place:
    return Place(channel="C1", user=user, notes=notes)


@given(prompt=typed, position=st.integers(0, 10**9), percent=st.integers(-5, 200))
def test_waiting_and_working_fit(prompt: str, position: int, percent: int) -> None:
    shown = judged(render.waiting(waiting(prompt, position)))
    assert re.search(r"in line, about 30 s left|^Starting now", shown.blocks[0]["text"]["text"])
    assert not re.search("[█░]", json.dumps(shown.blocks[0], ensure_ascii=False)), "nothing moves yet"
    one = generation(prompt)
    progress = Progress(one.id, 1, Stage.GENERATING, percent, 12, b"", 1)
    judged(render.working(Working(one, progress), "F1"))


@given(prompt=typed, count=st.integers(1, 4), notes=st.lists(typed, max_size=12), revised=st.none() | typed)
def test_finished_fits_with_every_option_and_note(
    prompt: str, count: int, notes: list[str], revised: str | None
) -> None:
    options = Options("no-such-model", 3840, 2160, "high", count, "watercolor", "transparent", 2**31)
    view = finished(*[DRAWN] * count, prompt=prompt, options=options, revised_prompt=revised)
    judged(render.finished(view, [f"F{n}" for n in range(count)], place(tuple(notes)), CATALOGUE))


@given(prompt=typed, fault=st.sampled_from(list(Fault)), detail=typed)
def test_the_ends_without_a_picture_fit(prompt: str, fault: Fault, detail: str) -> None:
    judged(render.failed(Failed(generation(prompt, status=Status.FAILED, fault=fault, fault_detail=detail)), CATALOGUE))
    judged(render.cancelled(Cancelled(generation(prompt))))


@given(text=typed, mistakes=st.lists(typed.filter(str.strip), min_size=1, max_size=8))
def test_refusals_fit_and_offer_the_whole_text_or_none(text: str, mistakes: list[str]) -> None:
    message = judged(answers.refused(BadRequest(mistakes), text))
    buttons = [block for block in message.blocks if block["type"] == "actions"]
    assert all(block["elements"][0]["value"] == text for block in buttons)


@given(text=typed, message=typed.filter(str.strip), next_step=typed, limit=st.sampled_from(list(Limit)))
def test_refusals_with_a_time_or_a_price_fit(text: str, message: str, next_step: str, limit: Limit) -> None:
    judged(answers.refused(LimitReached(limit, message, next_step, resets_at=NOON), text))
    judged(answers.refused(ConfirmFirst(840_000, message, uuid4(), text), text))
    judged(answers.refused(SwitchedOff(message, next_step), text))


@given(
    reason=typed, prompts=st.lists(typed, max_size=10), upgrade=st.sampled_from(["", "To get more: https://a.example"])
)
def test_usage_and_the_queue_fit(reason: str, prompts: list[str], upgrade: str) -> None:
    meters = [
        Meter(limit=limit, scope=Scope.USER, subject="", span=Span.DAY, used=9, of=4, resets_at=NOON)
        for limit in METERED
    ]
    found = Usage(
        tier=reason,
        meters=tuple(meters),
        spent_micro=1,
        reserved_micro=1,
        under_way=1,
        waiting=10**9,
        max_running=None,
        max_waiting=10,
        free_at=None,
        refusal=NotAllowed(reason or "no"),
        upgrade=upgrade,
    )
    judged(usage.usage(found))
    waiting_ones = tuple(Accepted(generation(prompt), 3, 40) for prompt in prompts)
    lost = tuple(generation(prompt, status=Status.FINISHED) for prompt in prompts)
    judged(queue_message.queue(Queue(total=10**9, mine=waiting_ones, undelivered=lost), "Done."))


def test_the_sentence_with_an_address_becomes_a_button_and_other_next_steps_stay() -> None:
    step = "Wait a day. To get more: https://a.example/more?x=1"
    said = answers.refused(LimitReached(Limit.PICTURES_DAY, "None are left.", step))
    assert said.text == said.blocks[0]["text"]["text"] == "None are left. Wait a day."
    assert said.blocks[-1]["elements"][0]["url"] == "https://a.example/more?x=1"


names = st.one_of(st.sampled_from([one[:3000] for one in NASTY]), st.text(max_size=300))


@given(words=st.lists(names, min_size=1, max_size=40))
def test_what_admins_read_fits(words: list[str]) -> None:
    line = [Spend(subject="s", name=one, pictures=1, reserved_micro=1, spent_micro=1, lost_micro=1) for one in words]
    call = [LostCall(generation_id=uuid4(), attempt=1, user_name=one, lost_micro=1, at=NOON) for one in words]
    pools = [
        Meter(limit=Limit.POOL_DAY, scope=Scope.WORKSPACE, subject="w", span=Span.DAY, used=1, of=0, resets_at=NOON)
    ]
    report = SpendReport(
        since="2026-11-01", until="2026-11-20", lines=tuple(line), pools=tuple(pools), lost=tuple(call), balance=None
    )
    judged(admin_answers.spend(report))
    rules = [Policy(scope=Scope.MEMBER, subject=one, allowed=False, reason=one, **FULL) for one in words]
    tiers = [Policy(scope=Scope.TIER, subject=one, **FULL) for one in words]
    assigned = [Assignment(workspace="w", subject=one, tier=one) for one in words]
    judged(admin_answers.limits(rules, tiers, assigned, {one: one for one in words}))
    judged(admin_answers.help_text())


@given(text=typed)
def test_the_form_fits_whatever_it_is_filled_with(text: str) -> None:
    origin = Origin(team="T", user="U", name="n", channel="C", trigger="t", respond="https://r", act="a")
    fields = forms.option_fields(CATALOGUE, load_styles(), date(2026, 11, 20))
    view = forms.prompt_form(origin, text=text, fields=fields)
    assert view_faults(view, lambda _: False) == []
    assert view_faults(question_form.refused(text), lambda _: False) == []
    asked = question_form.shown(Question.of(ConfirmFirst(10**12, "?", uuid4(), text)), text)
    assert view_faults(asked, lambda _: False) == []
    assert len(fields) >= 4


def test_an_asker_who_is_no_slack_user_is_not_mentioned() -> None:
    message = render.finished(finished(), ["F1"], place(user="U1> <!channel"), CATALOGUE)
    assert "mrkdwn" not in json.dumps(message.payload())


@given(text=st.text(alphabet="abc &<>;", max_size=200))
def test_escaping_and_decoding_are_each_others_inverse(text: str) -> None:
    assert decoded(escaped(text, 500)) == shown(text, 500)


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ("a &lt;b&gt; &amp; c", "a <b> & c"),
        ("&amp;lt;", "&lt;"),
        ("<https://a.example|words>", "words"),
        ("<https://a.example>", "https://a.example"),
        ("in <#C1|general> with <@U1|bob>", "in #general with"),
        ("<!here> look", "here look"),
        ("<!date^1392734382^{date}|today>", "today"),
    ],
)
def test_a_message_is_read_as_people_read_it(sent: str, read: str) -> None:
    assert plain(sent) == read


@pytest.mark.parametrize("sent", ["<@U0B> a fox", "<@U0B|limner>: a fox", "a fox <@U0B>", "hey <@U0B>, a fox"])
def test_the_bots_own_name_is_no_part_of_the_prompt(sent: str) -> None:
    assert without_mention(sent, "U0B").removeprefix("hey").strip() == "a fox"


@given(
    notes=st.lists(st.text(alphabet="abc, .", min_size=1).filter(str.strip), max_size=3),
    files=st.lists(st.from_regex(r"F[A-Z0-9]{8}", fullmatch=True), max_size=4),
    thread=st.sampled_from(["", "1.2"]),
)
def test_a_place_survives_its_address(notes: list[str], files: list[str], thread: str) -> None:
    before = Place(channel="C1", user="U1", thread=thread, ts="1.1", notes=tuple(notes), files=tuple(files))
    address = before.reply_to()
    assert Place.read(address) == before
    assert all(isinstance(value, str) and value for value in address.address.values())
    assert Place.read(ReplyTo("slack", {"channel": "C1"})).ts == ""
