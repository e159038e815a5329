"""What users read is specific, different for every case, and tells no secrets."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.catalogue import load_catalogue
from core.errors import Fault
from core.generation import Options, Progress, Stage
from core.wording import (
    Action,
    about,
    alt_text,
    bar,
    duration,
    explain,
    money,
    options_words,
    position_words,
    stage_words,
)

CATALOGUE = load_catalogue()
SECRET = "KeyError at /srv/app/worker.py:12 with sk-1234 in postgres://limner:pw@db"


def test_all_faults_are_explained_differently() -> None:
    explained = [explain(fault, "", "GPT Image 2") for fault in Fault]
    assert len({words.title for words in explained}) == len(Fault)
    assert len({words.sentence for words in explained}) == len(Fault)


@pytest.mark.parametrize("fault", Fault)
def test_an_explanation_says_what_happened_about_money_and_what_to_do(fault: Fault) -> None:
    words = explain(fault, "", "GPT Image 2")
    assert "charged" in words.sentence
    assert words.sentence.endswith(".")
    assert words.next_step.endswith(".")
    assert words.actions
    assert not {"{", "}", "*", "_", "`", "<"} & set(words.title + words.sentence + words.next_step)


@pytest.mark.parametrize("fault", Fault)
def test_no_explanation_leaks_the_detail(fault: Fault) -> None:
    assert explain(fault, SECRET, "GPT Image 2") == explain(fault, "", "GPT Image 2")


@pytest.mark.parametrize("fault", [Fault.TIMEOUT, Fault.CUT_OFF])
def test_an_answer_that_never_came_may_still_be_billed_to_the_operator(fault: Fault) -> None:
    sentence = explain(fault, "", "GPT Image 2").sentence
    assert "answer never came" in sentence
    assert "You were not charged" in sentence
    assert "operator may still be billed" in sentence


@pytest.mark.parametrize("fault", [Fault.INVALID_KEY, Fault.QUOTA, Fault.BILLING_LIMIT, Fault.UNKNOWN_MODEL])
def test_a_fault_of_the_setup_says_whom_to_ask(fault: Fault) -> None:
    assert "sk the operator of this bot" in explain(fault, "", "GPT Image 2").next_step


@pytest.mark.parametrize(
    ("detail", "because"),
    [
        ("violence", "because of violence."),
        ("violence, sexual", "because of violence or sexual content."),
        ("safety_violations=[self_harm]", "because of self-harm."),
        ("sexual/minors", "because of content about minors."),
        ("", "this prompt. "),
        ("something-new <b>", "this prompt. "),
    ],
)
def test_a_declined_prompt_names_known_categories_only(detail: str, because: str) -> None:
    words = explain(Fault.MODERATED, detail, "GPT Image 2")
    assert because in f"{words.sentence} "
    assert words.actions == (Action.EDIT,)


def test_a_title_with_braces_is_only_a_title() -> None:
    assert "{because}" in explain(Fault.MODERATED, "", "{because}").sentence


@given(st.integers(-50, 150))
def test_the_bar_has_twenty_blocks_and_is_full_at_the_end_only(percent: int) -> None:
    drawn = bar(percent)
    assert len(drawn) == 20
    assert (drawn == "█" * 20) is (percent >= 100)


def test_stages_read_as_what_is_done() -> None:
    working = Progress(UUID(int=1), 1, Stage.GENERATING, 70, preview_index=2)
    assert stage_words(working) == "Drawing, preview 2"
    assert len({stage_words(Progress(UUID(int=1), 1, stage, 50)) for stage in Stage}) == len(Stage)
    waiting = Progress(UUID(int=1), 1, Stage.GENERATING, 60, retry_at=datetime.now(UTC))
    assert "trying again" in stage_words(waiting)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "almost done"),
        (12.4, "about 12 s left"),
        (59.6, "about 1 min left"),
        (120, "about 2 min left"),
        (3_590, "about 1 h left"),
        (7_300, "about 2 h left"),
    ],
)
def test_time_left_is_given_in_the_unit_one_would_say(seconds: float, words: str) -> None:
    assert about(seconds) == words


@pytest.mark.parametrize(
    ("position", "words"),
    [
        (0, "starting now"),
        (1, "next in line"),
        (2, "2nd in line"),
        (3, "3rd in line"),
        (4, "4th in line"),
        (11, "11th in line"),
        (21, "21st in line"),
        (112, "112th in line"),
        (1_003, "1,003rd in line"),
    ],
)
def test_a_place_in_the_queue_is_an_ordinal(position: int, words: str) -> None:
    assert position_words(position) == words


@pytest.mark.parametrize(
    ("micro", "words"),
    [
        (0, "free"),
        (30, "under $0.001"),
        (5_880, "$0.006"),
        (13_170, "$0.013"),
        (99_499, "$0.099"),
        (99_500, "$0.10"),
        (211_000, "$0.21"),
        (1_234_567_890, "$1,234.57"),
    ],
)
def test_money_has_as_many_digits_as_matter(micro: int, words: str) -> None:
    assert money(micro) == words


@pytest.mark.parametrize(
    ("ms", "words"),
    [(0, "0.0 s"), (8_240, "8.2 s"), (9_960, "10 s"), (42_400, "42 s"), (59_700, "1 min"), (125_000, "2 min 5 s")],
)
def test_a_duration_reads_naturally(ms: int, words: str) -> None:
    assert duration(ms) == words


def test_only_options_that_are_not_the_default_are_told() -> None:
    assert options_words(Options("gpt-image-2.5-flare", 1024, 1024, "medium"), CATALOGUE) == []
    told = options_words(Options("gpt-image-2", 1536, 864, "high", 2, "oil", "opaque", 7), CATALOGUE)
    assert [label for label, _ in told] == ["Model", "Size", "Quality", "Pictures", "Style", "Background", "Seed"]
    assert told[0] == ("Model", "GPT Image 2")


def test_a_model_that_left_the_catalogue_is_told_by_its_id() -> None:
    assert ("Model", "gone-1") in options_words(Options("gone-1", 1024, 1024, "medium"), CATALOGUE)


@given(st.text(), st.integers(1, 300))
def test_alt_text_keeps_its_limit_and_stays_on_one_line(prompt: str, limit: int) -> None:
    text = alt_text(prompt, limit)
    assert 0 < len(text) <= limit
    assert "\n" not in text


def test_alt_text_is_cut_between_words() -> None:
    assert alt_text("a cat on a roof", 100) == "Generated picture: a cat on a roof"
    assert alt_text("a cat on a roof of thatch", 37) == "Generated picture: a cat on a roof…"
    assert alt_text("x" * 100, 40) == f"Generated picture: {'x' * 20}…"
