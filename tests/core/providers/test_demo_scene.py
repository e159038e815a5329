"""The demo's pictures: reproducible, obedient to the words of the prompt, and never at a loss."""

from __future__ import annotations

import colorsys
import hashlib
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageStat

from core.providers.demo.paint import Stage, paint
from core.providers.demo.scene import compose, style_named
from core.providers.demo.stock import STOCK
from core.providers.demo.subjects import DRAWINGS
from core.providers.demo.words import STYLES, SUBJECTS

SMALL = (160, 128)


def finished(prompt: str, size: tuple[int, int] = SMALL, **options: object) -> Image.Image:
    *_, last = paint(prompt, *size, **options)  # type: ignore[arg-type]
    return last.image


def brightness(image: Image.Image) -> float:
    return ImageStat.Stat(image.convert("L")).mean[0]


def hue_distance(image: Image.Image, hue: float) -> float:
    """How far the mean colour is from a hue, as a share of half the colour circle."""
    red, green, blue = ImageStat.Stat(image).mean
    found = colorsys.rgb_to_hsv(red / 255, green / 255, blue / 255)[0]
    return min(abs(found - hue), 1 - abs(found - hue)) * 2


def difference(one: Image.Image, other: Image.Image) -> float:
    return sum(ImageStat.Stat(ImageChops.difference(one, other)).mean) / 3


def test_the_same_arguments_give_the_same_pixels() -> None:
    one, other = (finished("a red fox in the snow", seed=7, style="oil") for _ in range(2))
    assert one.tobytes() == other.tobytes()


def test_another_process_paints_the_same_pixels() -> None:
    code = (
        "import hashlib; from core.providers.demo.paint import paint\n"
        "*_, last = paint('a dragon over a castle at dawn', 96, 96)\n"
        "print(hashlib.sha256(last.image.tobytes()).hexdigest())"
    )
    there = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    here = hashlib.sha256(finished("a dragon over a castle at dawn", (96, 96)).tobytes()).hexdigest()
    assert there.stdout.strip() == here


@pytest.mark.parametrize("size", [(1, 1), (7, 300), (300, 7), (64, 64), (241, 163), (320, 200)])
def test_the_size_is_the_one_that_was_asked_for(size: tuple[int, int]) -> None:
    assert {stage.image.size for stage in paint("a house by a lake at night", *size)} == {size}


@pytest.mark.parametrize("size", [(0, 10), (10, -1)])
def test_a_picture_without_extent_is_refused(size: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="at least one pixel"):
        next(iter(paint("anything", *size)))


@pytest.mark.parametrize(("variation", "seed"), [(1, None), (0, 1), (3, 2)])
def test_variations_and_seeds_give_clearly_different_pictures(variation: int, seed: int | None) -> None:
    assert difference(finished("a lighthouse"), finished("a lighthouse", variation=variation, seed=seed)) > 8


def test_variations_keep_the_subject() -> None:
    names = {compose("a lighthouse in a storm", variation=i).figures[0].name for i in range(6)}
    assert names == {"lighthouse"}


@pytest.mark.parametrize("subject", ["mountains", "a castle", "a sailing boat", "a deer in the forest"])
def test_night_is_darker_than_noon(subject: str) -> None:
    assert brightness(finished(f"{subject} at night")) < brightness(finished(f"{subject} at noon")) - 30


def test_a_storm_is_darker_than_a_clear_day() -> None:
    assert brightness(finished("the sea at noon in a storm")) < brightness(finished("a clear sea at noon")) - 20


@pytest.mark.parametrize(("word", "hue"), [("red", 0.0), ("green", 0.28), ("blue", 0.61), ("purple", 0.76)])
@pytest.mark.parametrize("rest", ["landscape at noon", "abstract shapes", "galaxy in space"])
def test_a_colour_word_pulls_the_picture_towards_its_hue(word: str, hue: float, rest: str) -> None:
    assert hue_distance(finished(f"{word} {rest}"), hue) < 0.34


def test_a_colour_before_a_subject_belongs_to_the_subject() -> None:
    scene = compose("a blue dragon above golden hills")
    assert scene.figures[0].colour == compose("blue").colours[0]
    assert scene.colours == compose("golden").colours


def test_words_set_the_hour_the_weather_the_ground_and_the_subjects_in_order() -> None:
    scene = compose("Two foxes & an OWL in a snowy forest, stormy dusk, oil painting")
    assert (scene.hour, scene.weather, scene.ground, scene.backdrop) == ("dusk", "snow", "snow", "forest")
    assert [(figure.name, figure.count) for figure in scene.figures] == [("fox", 2), ("owl", 1)]
    assert scene.style == "oil"


def test_an_explicit_style_wins_over_the_prompts() -> None:
    assert compose("a cat, watercolor", style="pixel-art").style == "pixel"
    assert style_named("Photorealistic") == "photo"
    assert style_named("no such style") is None


@pytest.mark.parametrize("prompt", ["a lighthouse", "abstract blue and gold", "a fish under water", "", "tea for two"])
def test_stages_rise_to_one_and_each_is_a_picture_of_its_own(prompt: str) -> None:
    stages = list(paint(prompt, *SMALL))
    fractions = [stage.fraction for stage in stages]
    assert fractions == sorted(set(fractions))
    assert 0 < fractions[0] < 0.6
    assert fractions[-1] == 1.0
    assert len({stage.image.tobytes() for stage in stages}) == len(stages) >= 4
    assert {stage.image.mode for stage in stages} == {"RGB"}


def test_a_stage_is_not_painted_over_by_the_next() -> None:
    stages = paint("mountains at dawn", *SMALL)
    first: Stage = next(stages)
    kept = first.image.tobytes()
    list(stages)
    assert first.image.tobytes() == kept


@pytest.mark.parametrize("style", sorted(set(STYLES.values())))
def test_every_style_changes_the_picture_and_leaves_it_full_of_tone(style: str) -> None:
    styled = finished("a robot in the city", style=style)
    assert difference(styled, finished("a robot in the city")) > 4
    assert ImageStat.Stat(styled.convert("L")).stddev[0] > 12


def test_the_vocabulary_the_stock_and_the_drawings_name_the_same_subjects() -> None:
    assert set(SUBJECTS.values()) == set(STOCK) == set(DRAWINGS)


@pytest.mark.parametrize("subject", sorted(STOCK))
def test_every_subject_stands_in_its_scene(subject: str) -> None:
    phrase = next(words for words, name in SUBJECTS.items() if name == subject)
    cut = finished(f"a {phrase}", transparent=True).getchannel("A")
    area = ImageStat.Stat(cut).mean[0] / 255
    assert 0.01 < area < 0.75


def test_a_transparent_picture_has_clear_corners_and_a_solid_subject() -> None:
    image = finished("a red fox", transparent=True)
    alpha = image.getchannel("A")
    assert image.mode == "RGBA"
    assert alpha.getpixel((0, 0)) == 0
    assert alpha.getextrema() == (0, 255)


def test_a_transparent_scene_without_a_subject_is_a_vignette() -> None:
    alpha = finished("nothing that anyone knows", transparent=True).getchannel("A")
    assert (alpha.getpixel((0, 0)), alpha.getpixel((80, 64))) == (0, 255)


def test_the_watermark_is_in_the_lower_right_corner() -> None:
    image = finished("a cat", (256, 256), transparent=True)
    corner = image.getchannel("A").crop((216, 236, 256, 256))
    assert ImageStat.Stat(corner).mean[0] > 3


@settings(max_examples=30, deadline=None)
@given(
    prompt=st.text(max_size=400)
    | st.lists(st.sampled_from(sorted(SUBJECTS) + sorted(STYLES)), max_size=9).map(" ".join),
    width=st.integers(1, 90),
    height=st.integers(1, 90),
    style=st.none() | st.text(max_size=20) | st.sampled_from(sorted(STYLES)),
    seed=st.none() | st.integers(),
    transparent=st.booleans(),
)
def test_no_prompt_is_too_hostile_to_paint(
    prompt: str, width: int, height: int, style: str | None, seed: int | None, transparent: bool
) -> None:
    image = finished(prompt, (width, height), style=style, seed=seed, transparent=transparent)
    assert image.size == (width, height)


@pytest.mark.parametrize(
    "prompt",
    [
        "",
        " \n\t",
        "\x00\x01",
        "\ud800",
        "\u202egnp.exe",
        "@everyone <b>",
        "🦊" * 500,
        "a " * 20_000,
        "ﬁre ÉTÉ ½",
        "%s {0} --ar",
    ],
)
def test_nasty_prompts_still_make_a_handsome_scene(prompt: str) -> None:
    assert ImageStat.Stat(finished(prompt).convert("L")).stddev[0] > 8
