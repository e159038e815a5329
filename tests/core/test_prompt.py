"""Flags are read wherever they are typed, and prose is left alone."""

import pytest

from core.catalogue import load_catalogue
from core.prompt import Choices, compose, read, write
from core.styles import load_styles

CATALOGUE = load_catalogue()
DEMO = load_catalogue("demo")
STYLES = load_styles()


@pytest.mark.parametrize(
    ("text", "changed"),
    [
        ("a cat", {}),
        ("a cat --ar 16:9", {"width": 1536, "height": 864}),
        ("--aspect 2:3 a cat", {"width": 1024, "height": 1536}),
        ("a --size 1536x1024 cat", {"width": 1536, "height": 1024}),
        ("a cat --size square", {}),
        ("a cat --size Landscape", {"width": 1536, "height": 1024}),
        ("a cat --size portrait", {"width": 1024, "height": 1536}),
        ("a cat --size wide", {"width": 1536, "height": 864}),
        ("a cat --size 16:9", {"width": 1536, "height": 864}),
        ("a cat --quality HIGH", {"quality": "high"}),
        ("a cat -q low", {"quality": "low"}),
        ("a cat --q=xhigh", {"quality": "xhigh"}),
        ("a cat --count 4", {"count": 4}),
        ("a cat --n=2", {"count": 2}),
        ("a cat --style Watercolour", {"style": "watercolor"}),
        ('a cat --style "oil painting"', {"style": "oil"}),
        ("a cat --style “oil painting”", {"style": "oil"}),
        ("a cat --style='pixel art'", {"style": "pixel-art"}),
        ("--style pixel art a cat", {"style": "pixel-art"}),
        ("--style oil a cat", {"style": "oil"}),
        ("a cat --style none", {}),
        ("a cat --model gpt-image-2", {"model": "gpt-image-2"}),
        ('a cat --model "GPT Image 2"', {"model": "gpt-image-2"}),
        ("a cat --background transparent", {"background": "transparent"}),
        ("a cat --BG Opaque", {"background": "opaque"}),
        ("a cat —ar 16:9 \u2013quality high", {"width": 1536, "height": 864, "quality": "high"}),
        ("a cat\n--count 2\n--quality low", {"count": 2, "quality": "low"}),
        ("a cat --quality high, --count 2.", {"quality": "high", "count": 2}),
        ("a cat --ar 1:1 --ar 1:1", {}),
    ],
)
def test_a_flag_is_read_and_leaves_the_prompt(text: str, changed: dict[str, object]) -> None:
    asked = read(text, CATALOGUE, STYLES)
    usual = {"width": 1024, "height": 1024, "quality": "medium", "count": 1, "style": None, "background": "auto"}
    expected = {"model": "gpt-image-2.5-flare", **usual, **changed}
    assert asked.prompt == "a cat"
    assert {name: getattr(asked.options, name) for name in expected} == expected
    assert asked.notes == ()


@pytest.mark.parametrize(
    "text",
    [
        "a sign saying -- hello",
        'a poster that says "--ar 16:9 is wide"',
        "a poster that says “--quality high”",
        'a sign ("--seed 5")',
        "the years 1990\u20132000 and 1990--2000",
        "a castle —seen from above— at night",
        "a castle --- or a house",
        "it is --sleeping-- here",
        'a 5" nail and a 6" nail',
        "rock -n roll",
        "<@123> and @everyone, <#5> *bold* `code` [a](b)",
        "cat | dog",
    ],
)
def test_prose_stays_as_it_was_typed(text: str) -> None:
    assert read(text, CATALOGUE, STYLES).prompt == text


def test_inches_do_not_hide_a_flag() -> None:
    asked = read('a 5" nail --count 2 beside a 6" nail', CATALOGUE, STYLES)
    assert (asked.prompt, asked.options.count) == ('a 5" nail beside a 6" nail', 2)


def test_option_fields_win_over_flags() -> None:
    choices = Choices(size="1024x1536", quality="low", count="3", style="Ink")
    asked = read("a cat --ar 16:9 --quality high --count 2 --background opaque", CATALOGUE, STYLES, choices)
    assert (asked.options.size, asked.options.quality, asked.options.count) == ("1024x1536", "low", 3)
    assert (asked.options.style, asked.options.background) == ("ink", "opaque")


def test_an_empty_option_field_says_nothing() -> None:
    assert read("a cat --quality high", CATALOGUE, STYLES, Choices(quality="", seed=" ")).options.quality == "high"


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("a cat --seed 42", "does not use seeds"),
        ("a cat --size 1000x1000", "made at 992x992 instead"),
        ("a cat --quality hd", "high is used"),
        ("a cat <sd_cpp_extra_args>{}</sd_cpp_extra_args>", "Control syntax"),
    ],
)
def test_what_was_adapted_is_noted(text: str, note: str) -> None:
    asked = read(text, CATALOGUE, STYLES)
    assert asked.prompt == "a cat"
    assert len(asked.notes) == 1
    assert note in asked.notes[0]
    assert asked.options.seed is None


def test_a_model_of_fixed_sizes_takes_the_nearest_and_says_so() -> None:
    asked = read("a cat --ar 4:3", load_catalogue("dall-e-3"), STYLES)
    assert asked.options.size == "1792x1024"
    assert asked.notes == ("DALL·E 3 cannot make exactly 4:3; the nearest is 1792x1024.",)


def test_a_seed_is_kept_where_the_model_uses_it() -> None:
    asked = read("a cat --seed 42", DEMO, STYLES)
    assert (asked.options.seed, asked.notes) == (42, ())


def test_only_what_is_not_the_default_is_written() -> None:
    asked = read("a cat", CATALOGUE, STYLES)
    assert write(asked.prompt, asked.options, CATALOGUE) == "a cat"
    fluent = "a cat --model gpt-image-2 --size 1536x864 --quality high --count 4 --style oil --background opaque"
    again = read(fluent, CATALOGUE, STYLES)
    assert write(again.prompt, again.options, CATALOGUE) == fluent


def test_the_providers_prompt_is_the_users_words_and_then_the_styles() -> None:
    asked = read("a cat --style watercolor", CATALOGUE, STYLES)
    sent = compose(asked.prompt, asked.options, STYLES)
    assert sent.startswith("a cat\n\nStyle: a watercolor painting")
    plain = read("a cat", CATALOGUE, STYLES)
    assert compose("a cat", plain.options, STYLES) == "a cat"
