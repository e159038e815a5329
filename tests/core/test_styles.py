"""Styles are found however they are written, and nothing else is."""

import pytest

from core.styles import load_styles

STYLES = load_styles()


@pytest.mark.parametrize(
    ("typed", "style"),
    [
        ("oil painting", "oil"),
        ("Oil-Painting", "oil"),
        ("OIL", "oil"),
        ("pixel art", "pixel-art"),
        ("pixel_art", "pixel-art"),
        ("PixelArt", "pixel-art"),
        ("watercolour", "watercolor"),
        ("water colour style", "watercolor"),
        ("8-bit", "pixel-art"),
        ("3D", "3d"),
        ("photo", "photorealistic"),
        ("low poly", "low-poly"),
    ],
)
def test_a_style_is_found_whatever_the_spelling(typed: str, style: str) -> None:
    found = STYLES.find(typed)
    assert found is not None
    assert found.id == style


@pytest.mark.parametrize("typed", ["", " ", "style", "-", "watrcolor", "oil painting of a cat", "\x00"])
def test_what_is_no_style_is_not_found(typed: str) -> None:
    assert STYLES.find(typed) is None


def test_a_slip_of_the_finger_finds_its_style_as_a_suggestion() -> None:
    meant = STYLES.nearest("watrcolr")
    assert meant is not None
    assert meant.id == "watercolor"
    assert STYLES.nearest("zzzz") is None
    assert STYLES.nearest("x" * 10_000) is None


def test_every_style_has_its_own_id_and_words_and_is_found_by_id_and_title() -> None:
    assert len(STYLES.all) >= 12
    assert len({style.id for style in STYLES.all}) == len({style.words for style in STYLES.all}) == len(STYLES.all)
    for style in STYLES.all:
        assert STYLES.find(style.id) is STYLES.find(style.title) is style
