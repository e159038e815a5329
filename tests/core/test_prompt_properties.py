"""What holds for every text: it is read the same again after it was written, and it is read fast."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.catalogue import load_catalogue
from core.cleaning import clean
from core.errors import BadRequest
from core.generation import Options
from core.image_model import ImageModel
from core.prompt import Asked, compose, read, write
from core.styles import Style, load_styles

CATALOGUE = load_catalogue()
CATALOGUES = [CATALOGUE, load_catalogue("demo"), load_catalogue("my-local-model"), load_catalogue("dall-e-3")]
STYLES = load_styles()
TODAY = date(2026, 11, 20)

PIECES = [
    *("a cat", " ", " ", " ", "\n", '"', '"', "“", "”", "'", "(", ")", ",", ".", "—", "\u2013", "--", "-q", "=", "5"),
    *("--ar", "—ar 16:9", "--size", "--seed 5", "--style", "oil painting", "--style oil", "--count 2", "--n=3"),
    *('--style "oil painting"', "--quality high", "-q low", "\u2013bg opaque", "--model gpt-image-2", "high", "16:9"),
    *(
        "\x00",
        "\u202e",
        "\u200d",
        "❤\ufe0f",
        "\u0301",
        "\ud83d",
        "\ude00",
        "<sd_cpp_extra_args>",
        "</sd_cpp_extra_args>",
    ),
    *("<lora:x>", "<@123>", "@everyone", "|", "日本", "<sd_cpp_"),
]
typed_text = st.lists(st.sampled_from(PIECES), max_size=25).map("".join) | st.text()


def read_or_none(text: str) -> Asked | None:
    try:
        return read(text, CATALOGUE, STYLES, today=TODAY)
    except BadRequest:
        return None


@st.composite
def legal_options(draw: st.DrawFn, model: ImageModel) -> Options:
    aspect = draw(st.tuples(st.integers(1, 40), st.integers(1, 40)))
    width, height = model.size_for_aspect(*aspect)
    return Options(
        model=model.id,
        width=width,
        height=height,
        quality=draw(st.sampled_from(model.qualities)),
        count=draw(st.integers(1, model.max_count)),
        style=draw(st.none() | st.sampled_from([style.id for style in STYLES.all])),
        background=draw(st.sampled_from(model.backgrounds)),
        seed=draw(st.none() | st.integers(0, 2**32 - 1)) if model.seeds else None,
    )


@given(typed_text, st.data())
def test_what_is_written_is_read_as_the_same(text: str, data: st.DataObject) -> None:
    asked = read_or_none(text)
    if asked is None:
        return
    catalogue = data.draw(st.sampled_from(CATALOGUES))
    model = data.draw(st.sampled_from(catalogue.usable(TODAY)))
    options = data.draw(legal_options(model))
    again = read(write(asked.prompt, options, catalogue), catalogue, STYLES, today=TODAY)
    assert again == Asked(asked.prompt, options)


@given(typed_text)
def test_a_prompt_read_again_is_the_same_prompt(text: str) -> None:
    asked = read_or_none(text)
    if asked is not None:
        assert read(asked.prompt, CATALOGUE, STYLES, today=TODAY).prompt == asked.prompt
        assert clean(asked.prompt) == asked.prompt


@given(typed_text)
def test_any_text_is_read_or_refused_in_sentences(text: str) -> None:
    try:
        asked = read(text, CATALOGUE, STYLES, today=TODAY)
    except BadRequest as error:
        refusal = error
    else:
        model = CATALOGUE.get(asked.options.model)
        assert model.fits(asked.options.width, asked.options.height) is None
        assert 0 < len(compose(asked.prompt, asked.options, STYLES)) <= model.max_prompt
        return
    assert refusal.mistakes
    assert all(mistake.strip() for mistake in refusal.mistakes)


@given(st.integers(3_800, 4_000), st.sampled_from(STYLES.all))
def test_the_styles_words_never_make_a_prompt_too_long(length: int, style: Style) -> None:
    catalogue = load_catalogue("dall-e-3")
    try:
        asked = read(f"{'x' * length} --style {style.id}", catalogue, STYLES)
    except BadRequest:
        assert length > 3_800
    else:
        assert len(compose(asked.prompt, asked.options, STYLES)) <= 4_000


@pytest.mark.parametrize(
    "piece",
    [
        *('"', '" ', ' "', "“", "“ ", "(“", "--", "-- ", "--a ", "--a-", "--a=", "—", "--style oil ", "--style "),
        *("--ar ", "--seed=1 ", "-q ", "= ", "<sd_cpp_extra_args>", "a\u200d", "\u202e", " \n", "\ud800", "'", "--n '"),
        *("--size 1x", "--style \u200b", "a_", "--style a a "),
    ],
)
@pytest.mark.timeout(20)  # backtracking over 40,000 characters would take hours
def test_forty_thousand_nasty_characters_are_refused_or_cleaned(piece: str) -> None:
    asked = read_or_none((piece * 40_000)[:40_000])
    assert asked is None or len(asked.prompt) <= 32_000


@pytest.mark.timeout(20)  # each unknown flag is compared with the known ones, not with one another
def test_thousands_of_unknown_flags_are_refused() -> None:
    assert read_or_none(" ".join(f"--f{number}" for number in range(6_000))) is None
