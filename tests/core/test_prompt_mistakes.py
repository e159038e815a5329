"""Every mistake is named in a sentence of its own, with what to do about it."""

import pytest

from core.catalogue import load_catalogue
from core.errors import BadRequest
from core.prompt import Choices, read
from core.styles import load_styles

CATALOGUE = load_catalogue()
STYLES = load_styles()


def mistakes(text: str, choices: Choices | None = None, model: str | None = None) -> tuple[str, ...]:
    catalogue = load_catalogue(model) if model else CATALOGUE
    with pytest.raises(BadRequest) as caught:
        read(text, catalogue, STYLES, choices or Choices())
    return caught.value.mistakes


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ("Say what to draw", "for example")),
        (" \u200b\n", ("Say what to draw",)),
        ("--ar 16:9", ("Say what to draw",)),
        ("a cat --quality hgih", ('"hgih"', "Did you mean high?")),
        ("a cat --quality splendid", ("low, medium, high, xhigh or max",)),
        ("a cat --model gpt-image-2 --quality xhigh", ("GPT Image 2", '"xhigh"', "high")),
        ("a cat --count 9", ('"9"', "1 to 4")),
        ("a cat --count 0", ('"0"', "1 to 4")),
        ("a cat --count many", ('"many"', "1 to 4")),
        ("a cat --count -1", ('"-1"', "1 to 4")),
        ("a cat --seed -5", ('"-5"', "whole number")),
        ("a cat --seed 99999999999", ("4294967295",)),
        ("a cat --style watrcolor", ('"watrcolor"', "Did you mean watercolor?")),
        ("a cat --style zzz", ('"zzz"', "photorealistic", "low-poly")),
        ("a cat --model gpt-imag-2", ('"gpt-imag-2"', "Did you mean gpt-image-2?")),
        ("a cat --model dall-e-3", ('"dall-e-3"', "gpt-image")),
        ("a cat --model demo", ('"demo"', "gpt-image-2.5-flare")),
        ("a cat --bg transparant", ("Did you mean transparent?",)),
        ("a cat --size big", ('"big"', "1536x1024")),
        ("a cat --size potrait", ("Did you mean portrait?",)),
        ("a cat --ar wide-ish-or-so", ("aspect", "16:9")),
        ("a cat --ar 10:1", ("10:1", "1:3 to 3:1")),
        ("a cat --size 3000x100", ("3 times", "1024x1024")),
        ("a cat --size 99999x99999", ("3840", "1024x1024")),
        ("a cat --size 0x0", ('"0x0"',)),
        ("a cat --ar 16:9 --size 1024x1024", ("either a size or an aspect",)),
        ("a cat --ar 16:9 --ar 1:1", ("--aspect", "more than once")),
        ("a cat --stlye ink", ("no option --stlye", "Did you mean --style?", "quotation marks")),
        ("a cat --xyzzy 7", ("no option --xyzzy", "--aspect")),
        ("a cat --style", ("--style needs a value", "watercolor")),
        ("a cat --quality --count 2", ("--quality needs a value",)),
        ("a cat --size=", ("--size needs a value",)),
        ('a cat --style ""', ("--style needs a value",)),
        ("x" * 40_000, ("40,000", "32,000", "Shorten it by 8,000.", "GPT Image 2.5 Flare")),
    ],
)
def test_a_mistake_is_named_with_what_to_do(text: str, words: tuple[str, ...]) -> None:
    (mistake,) = mistakes(text)
    for word in words:
        assert word in mistake
    assert mistake[0].isupper() or not mistake[0].isalpha()


def test_all_mistakes_are_listed_at_once() -> None:
    found = mistakes("--quality best --count 9 --style zzz --seed x --size y --model z --bg w --foo 1")
    assert len(found) == 9
    assert found[-1].startswith("Say what to draw")


def test_mistakes_in_option_fields_are_found_as_well() -> None:
    found = mistakes("a cat", Choices(size="huge", count="5"))
    assert ['"huge"' in found[0], '"5"' in found[1]] == [True, True]


def test_the_styles_words_count_when_the_prompt_is_at_its_limit() -> None:
    (mistake,) = mistakes("x" * 4_000, Choices(style="ink"), model="dall-e-3")
    assert "4,000 characters, and its style adds" in mistake


def test_a_model_that_makes_one_picture_says_so() -> None:
    (mistake,) = mistakes("a cat --count 2", model="dall-e-3")
    assert "ask for 1 picture." in mistake


def test_a_model_without_choice_of_background_says_so() -> None:
    (mistake,) = mistakes("a cat --bg opaque", model="dall-e-3")
    assert "does not let you choose the background" in mistake


def test_what_was_typed_is_repeated_only_in_part() -> None:
    (mistake,) = mistakes(f"a cat --quality {'x' * 5_000}")
    assert len(mistake) < 200


def test_a_flood_of_unknown_flags_is_summed_up() -> None:
    found = mistakes("a cat " + " ".join(f"--foo{number}" for number in range(500)))
    assert len(found) == 9
    assert found[-1] == "There are 492 more like it."


def test_a_text_of_megabytes_is_refused_before_it_is_read() -> None:
    with pytest.raises(BadRequest, match=r"10,000,000 characters; the most is 50,000"):
        read("a\u0301" * 5_000_000, CATALOGUE, STYLES)
