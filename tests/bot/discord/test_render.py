"""Pages by themselves: never over a limit of Discord's, and nothing that a user typed becomes markup."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import discord
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.discord import notices, render
from bot.discord.forms import split
from bot.discord.page import NO_ONE, Page
from bot.discord.text import literal, literal_whole, plain
from core.catalogue import load_catalogue
from core.errors import BadRequest, Fault, NotAllowed
from core.generation import Accepted, Generation, Options, Progress, Requester, Stage
from core.views import Cancelled, Failed, Finished, Waiting, Working
from tests.fakes import records

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
CATALOGUE = load_catalogue()
NASTY = st.text(alphabet=st.sampled_from("*_~`|>#+-[]()<:@!&/\\ \n1.a\u202e\x00é😀"), max_size=5000)
ANY = st.one_of(st.text(max_size=5000), NASTY)


def generation(prompt: str, name: str = "Ada", fault: Fault | None = None, detail: str = "") -> Generation:
    return records.generation(
        prompt,
        options=Options("gpt-image-2.5-flare", 1536, 864, "max", 4, "watercolor", "transparent", 42),
        requester=Requester("discord", "1", name),
        revised_prompt=prompt[::-1],
        cost_micro=1_234_567,
        generation_time_ms=83_000,
        fault=fault,
        fault_detail=detail,
    )


def working(one: Generation, eta: int | None = 12) -> Working:
    return Working(one, Progress(one.id, 1, Stage.GENERATING, 40, eta, b"jpeg", 2))


def pages(prompt: str, name: str, notes: str) -> list[Page]:
    one = generation(prompt, name)
    failed = replace(one, fault=Fault.MODERATED, fault_detail=notes)
    return [
        render.waiting(Waiting(Accepted(one, 3, 40)), notes),
        render.working(working(one), notes, NOW),
        render.finished(Finished(one, ()), (), notes, CATALOGUE),
        render.failed(Failed(failed), notes, CATALOGUE),
        render.cancelled(Cancelled(one)),
        notices.refused(BadRequest([notes, prompt, name]), prompt, NO_ONE),
        notices.said(notes),
    ]


def within_limits(page: Page) -> None:
    assert len(page.content or "") <= 2000
    if page.embed is None:
        return
    embed = page.embed
    assert len(embed) <= 6000
    assert len(embed.description or "") <= 4096
    assert len(embed.title or "") <= 256
    assert len(embed.author.name or "") <= 256
    assert len(embed.footer.text or "") <= 2048
    assert len(embed.fields) <= 25
    for field in embed.fields:
        assert 1 <= len(field.name or "") <= 256
        assert 1 <= len(field.value or "") <= 1024
    assert all(len(upload.alt or "") <= 1024 for upload in page.uploads)


@given(ANY, ANY, ANY)
def test_no_page_is_ever_over_a_limit(prompt: str, name: str, notes: str) -> None:
    for page in pages(prompt, name, notes):
        within_limits(page)


@given(NASTY)
def test_nothing_typed_is_left_that_could_be_markup_a_mention_or_a_link(text: str) -> None:
    shown = re.sub(r"\\[^0-9A-Za-z\s]", "x", literal(text, 2000))
    assert not set(shown) & set("*_~`|>#+-[]()<:@!&/\\")
    assert not re.search(r"^\d+\.(\s|$)", shown, re.MULTILINE)


@given(NASTY)
def test_what_is_shown_is_what_was_typed(text: str) -> None:
    shown, whole = literal_whole(text, 100_000)
    assert whole
    assert re.sub(r"\\([^0-9A-Za-z\s])", r"\1", shown).split() == plain(text, 100_000).split()


@given(ANY, st.integers(2, 300))
def test_a_cut_keeps_the_limit_says_so_and_leaves_no_lone_backslash(text: str, limit: int) -> None:
    shown, whole = literal_whole(text, limit)
    assert len(shown) <= limit
    assert whole or shown.endswith("…")
    assert not re.search(r"(?<!\\)(\\\\)*\\(…|$)", shown)


@pytest.mark.parametrize(
    "nasty",
    [
        "@everyone look",
        "<@123456789012345678> and <@&5> and <#7>",
        "[free nitro](https://evil.example)",
        "https://evil.example",
        "**bold** __under__ ||secret|| ~~gone~~ `code` ```block```",
        "# heading\n> quote\n- list\n1. list\n-# small",
        "<t:1700000000:R> <:smile:123> :smile:",
        "\u202egnp.exe",
    ],
)
def test_known_tricks_stay_text(nasty: str) -> None:
    page = render.finished(Finished(generation(nasty), ()), (), "", CATALOGUE)
    assert page.embed is not None
    text = page.embed.description or ""
    assert not re.search(r"(?<!\\)[*_~`|>#<\[@:]", text)
    assert "\u202e" not in text


def test_a_long_prompt_is_cut_and_the_message_says_so() -> None:
    page = render.finished(Finished(generation("word " * 800), ()), (), "", CATALOGUE)
    assert page.embed is not None
    assert (page.embed.description or "").endswith("…")
    assert any("shortened" in (field.value or "") for field in page.embed.fields)


def test_the_finished_page_names_only_what_is_not_the_default() -> None:
    one = replace(generation("a cat"), options=Options("gpt-image-2.5-flare", 1024, 1024, "medium"))
    page = render.finished(Finished(one, ()), (), "", CATALOGUE)
    assert page.embed is not None
    assert [field.name for field in page.embed.fields] == ["Drawn as", "Model", "Time", "Cost"]


def test_the_time_left_is_a_moment_that_clients_count_down_to() -> None:
    page = render.working(working(generation("a cat"), eta=12), "", NOW)
    moment = int((NOW + timedelta(seconds=12)).timestamp())
    assert page.embed is not None
    assert f"<t:{moment}:R>" in (page.embed.fields[0].value or "")


def test_no_time_is_named_while_nobody_knows_it() -> None:
    page = render.working(working(generation("a cat"), eta=None), "", NOW)
    assert page.embed is not None
    assert "<t:" not in (page.embed.fields[0].value or "")


def test_no_cancel_button_is_left_once_cancelling() -> None:
    page = render.working(working(replace(generation("a cat"), cancel_requested=True)), "", NOW)
    assert page.buttons == ()


@pytest.mark.parametrize("fault", [*Fault])
def test_every_fault_has_words_of_its_own_and_a_button(fault: Fault) -> None:
    one = generation("a cat", fault=fault, detail="violence")
    page = render.failed(Failed(one), "", CATALOGUE)
    assert page.embed is not None
    assert page.embed.title
    assert page.buttons


def test_every_mistake_stands_on_its_own_line() -> None:
    page = notices.refused(BadRequest(["One is wrong.", "Two is wrong."]))
    assert page.embed is not None
    assert page.embed.description == "• One is wrong.\n• Two is wrong."


def test_a_refusal_tells_the_next_step() -> None:
    page = notices.refused(NotAllowed("No.", "Ask an admin."))
    assert page.embed is not None
    assert "Ask an admin." in (page.embed.description or "")


async def test_a_shown_view_is_not_kept_in_memory() -> None:
    view = render.cancelled(Cancelled(generation("a cat"))).view()
    assert isinstance(view, discord.ui.View)
    assert view.is_finished()


@given(st.lists(st.text(alphabet="abc", min_size=1, max_size=30), max_size=900))
def test_a_form_gives_back_what_it_was_filled_with(words: list[str]) -> None:
    text = " ".join(words)
    parts = split(text)
    assert " ".join(parts) == text
    assert all(len(part) <= 4000 for part in parts)
    assert len(parts) <= 5
