"""The catalogue's data is whole, its sizes are legal and its money is right."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.catalogue import ImageModel, load_catalogue
from core.errors import Fault, ProviderError
from core.generation import Options
from core.sizes import parse_aspect, parse_size

CATALOGUE = load_catalogue()
FLARE = CATALOGUE.get("gpt-image-2.5-flare")
MODELS = [*CATALOGUE.models, load_catalogue("my-local-model").default]
TODAY = date(2026, 11, 20)


def options(model: str, size: tuple[int, int] = (1024, 1024), quality: str = "medium", count: int = 1) -> Options:
    return Options(model, *size, quality, count)


def test_flare_at_medium_quality_is_the_default_that_costs_about_two_cents() -> None:
    assert CATALOGUE.default is FLARE
    assert FLARE.default_quality == "medium"
    # 439 tokens and three previews of 100, at $30 a million, and one token of text at $5.
    assert FLARE.estimate_micro(options(FLARE.id), "cat") == (439 + 300) * 30 + 5


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.id)
def test_every_entry_is_consistent(model: ImageModel) -> None:
    assert model.default_quality in model.qualities
    assert "auto" in model.backgrounds
    assert 0 <= model.partial_images <= 3
    assert 1 <= model.max_count <= 4
    assert model.edits is (model.max_references > 0)
    assert model.default_size == (1024, 1024)
    for size in map(parse_size, model.sizes):
        assert size is not None
        assert model.fits(*size) is None
        assert not model.free_size or model.size_rule.wrong(*size) is None


@pytest.mark.parametrize("model", [model for model in MODELS if model.prices.tokens], ids=lambda model: model.id)
def test_every_quality_has_a_price_and_none_is_cheaper_than_the_one_below(model: ImageModel) -> None:
    costs = [model.estimate_micro(options(model.id, quality=quality), "a cat") for quality in model.qualities]
    assert costs == sorted(costs)
    assert costs[0] > 0
    assert set(model.prices.tokens) == set(model.qualities)


def test_counted_tokens_cost_what_the_price_list_says_and_a_fraction_is_rounded_up() -> None:
    assert FLARE.cost_micro(text_in=1_000_000, image_in=0, out=0) == 5_000_000
    assert FLARE.cost_micro(text_in=12, image_in=1_000, out=1_756) == 60 + 8_000 + 52_680
    assert CATALOGUE.get("demo").cost_micro(text_in=9, image_in=9, out=9) == 0


def test_pictures_to_work_from_and_the_words_are_paid_for_with_every_picture_made() -> None:
    two = options(FLARE.id, count=2)
    words = "a cat that sleeps" * 40
    assert FLARE.estimate_micro(two, words) == 2 * FLARE.estimate_micro(options(FLARE.id), words)
    brought = FLARE.estimate_micro(two, words, references=3) - FLARE.estimate_micro(two, words)
    assert brought == 2 * 3 * 1_536 * 8


@given(st.integers(1, 5_000), st.integers(1, 5_000), st.sampled_from(MODELS), st.integers(0, 4))
def test_no_request_is_estimated_above_the_dearest(width: int, height: int, model: ImageModel, quality: int) -> None:
    size = model.nearest_size(width, height)
    asked = options(model.id, size, model.qualities[quality % len(model.qualities)], model.max_count)
    longest = "\U0001f5bc" * model.max_prompt
    assert model.estimate_micro(asked, longest, model.max_references) <= model.dearest_micro


def test_an_upright_picture_costs_as_much_as_its_oblong_twin() -> None:
    wide, tall = (
        CATALOGUE.get("gpt-image-2").output_tokens(options("gpt-image-2", size, "high"))
        for size in [(1536, 1024), (1024, 1536)]
    )
    assert wide == tall == 5_488


def test_a_size_nobody_measured_is_extrapolated_to_within_a_few_percent_of_one_that_was() -> None:
    model = CATALOGUE.get("gpt-image-2.6-flare")
    assert model.output_tokens(options(model.id, (3840, 2160), "high")) == 3_337
    medium = model.output_tokens(options(model.id, (3840, 2160), "medium"))
    assert medium == pytest.approx(3_337 * 1_372 / 1_353, rel=0.03)


def test_a_quality_without_figures_counts_as_the_dearest() -> None:
    assert FLARE.output_tokens(options(FLARE.id, quality="auto")) == 7_024


def test_a_server_that_does_not_count_is_paid_by_the_picture() -> None:
    model = CATALOGUE.get("dall-e-3")
    assert model.estimate_micro(options("dall-e-3", (1024, 1792), "hd", count=2), "x" * 4_000) == 240_000


@given(st.sampled_from(MODELS), st.floats(0.001, 1000), st.floats(0.001, 1000))
def test_whatever_the_aspect_the_size_is_legal(model: ImageModel, width: float, height: float) -> None:
    assert model.fits(*model.size_for_aspect(width, height)) is None


@given(st.sampled_from(MODELS), st.integers(1, 99_999), st.integers(1, 99_999))
def test_the_nearest_size_is_always_legal(model: ImageModel, width: int, height: int) -> None:
    assert model.fits(*model.nearest_size(width, height)) is None


@given(st.integers(16, 240), st.integers(16, 240))
def test_a_legal_size_is_its_own_nearest(across: int, down: int) -> None:
    width, height = across * 16, down * 16
    if FLARE.fits(width, height) is None:
        assert FLARE.nearest_size(width, height) == (width, height)


@pytest.mark.parametrize(
    ("aspect", "size"),
    [((1, 1), (1024, 1024)), ((3, 2), (1536, 1024)), ((16, 9), (1536, 864)), ((9, 16), (864, 1536))],
)
def test_common_aspects_become_common_sizes(aspect: tuple[int, int], size: tuple[int, int]) -> None:
    assert FLARE.size_for_aspect(*aspect) == size


@pytest.mark.parametrize(
    ("size", "word"),
    [
        ((1000, 1000), "divisible by 16"),
        ((512, 512), "655,360"),
        ((3200, 3200), "8,294,400"),
        ((4000, 2000), "3840"),
        ((3200, 640), "3 times"),
    ],
)
def test_a_size_that_does_not_fit_is_refused_by_the_rule_it_breaks(size: tuple[int, int], word: str) -> None:
    assert word in (FLARE.fits(*size) or "")


def test_a_model_of_fixed_sizes_names_them() -> None:
    sentence = CATALOGUE.get("dall-e-3").fits(1536, 1024)
    assert sentence == "DALL·E 3 cannot make 1536x1024: it makes 1024x1024, 1792x1024 or 1024x1792."
    assert CATALOGUE.get("dall-e-3").size_for_aspect(9, 16) == (1024, 1792)


def test_an_unknown_model_is_taken_on_trust_only_when_the_operator_named_it() -> None:
    named = load_catalogue("my-local-model")
    assert named.get("my-local-model").title == "my-local-model"
    assert named.get("my-local-model").fits(512, 512) is None
    assert named.usable(TODAY) == (named.default,)
    assert CATALOGUE.find("my-local-model") is None
    with pytest.raises(ProviderError) as caught:
        CATALOGUE.get("my-local-model")
    assert caught.value.fault is Fault.UNKNOWN_MODEL


def test_a_dated_snapshot_is_its_model_under_another_id() -> None:
    snapshot = load_catalogue("gpt-image-2.5-flare-2026-09-08").default
    assert snapshot.prices == FLARE.prices
    assert snapshot.title == "GPT Image 2.5 Flare (2026-09-08)"
    assert load_catalogue("gpt-image-2.5-flare-tuned-here").default.own_server


def test_only_models_of_the_same_provider_that_are_still_served_may_be_asked_for() -> None:
    usable = [model.id for model in CATALOGUE.usable(TODAY)]
    assert usable[0] == "gpt-image-2.5-flare"
    assert "gpt-image-2.6-sunburst" in usable
    assert not {"dall-e-3", "demo"} & set(usable)
    assert [model.id for model in load_catalogue("demo").usable(TODAY)] == ["demo"]
    assert [model.id for model in load_catalogue("dall-e-3").usable(TODAY)] == ["dall-e-3"]


def test_a_model_is_retired_from_the_very_day() -> None:
    old = CATALOGUE.get("dall-e-3")
    assert not old.retired(date(2026, 5, 11))
    assert old.retired(date(2026, 5, 12))


@pytest.mark.parametrize("text", ["", "x", "0x0", "0x5", "1e3x5", "-1x5", "1536x", "999999x1", "१x"])
def test_what_is_no_size_is_not_read_as_one(text: str) -> None:
    assert parse_size(text) is None


@pytest.mark.parametrize(
    ("text", "aspect"), [("16:9", (16, 9)), ("1.91 : 1", (1.91, 1)), ("Wide", (16, 9)), ("0:1", None), ("a:b", None)]
)
def test_an_aspect_is_two_numbers_or_a_name(text: str, aspect: tuple[float, float] | None) -> None:
    assert parse_aspect(text) == aspect
