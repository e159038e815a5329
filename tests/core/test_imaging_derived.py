"""What is made of a picture: previews, other formats, smaller files, several side by side."""

from __future__ import annotations

import pytest
from PIL import Image, PngImagePlugin

from core import imaging
from core.imaging import containers
from tests.core.drawn import BLUE, KINDS, RED, picture, read, saved

LIMIT = 30_000_000


def test_a_preview_is_a_small_jpeg_and_white_where_it_was_transparent() -> None:
    image = read(imaging.preview(saved(Image.new("RGBA", (1024, 2048), (0, 0, 0, 0)), "png")))
    assert (image.format, image.size) == ("JPEG", (256, 512))
    assert image.getpixel((100, 100)) == (255, 255, 255)


@pytest.mark.parametrize("target", ["png", "jpeg", "webp"])
def test_a_picture_in_its_own_format_is_the_very_bytes(target: imaging.Format) -> None:
    data = picture(target) + b"and whatever its maker put behind it"
    assert imaging.convert(data, target, 80) is data


@pytest.mark.parametrize("source", KINDS)
@pytest.mark.parametrize("target", ["png", "jpeg", "webp"])
def test_every_picture_becomes_every_format(source: str, target: imaging.Format) -> None:
    image = read(imaging.convert(picture(source), target, 90))
    assert (image.format, image.size) == (target.upper(), (300, 200))
    assert image.convert("RGB").getpixel((20, 20)) == pytest.approx(RED, abs=12)
    assert image.convert("RGB").getpixel((280, 20)) == pytest.approx(BLUE, abs=12)


def test_what_was_transparent_is_white_in_a_jpeg_and_transparent_in_a_webp() -> None:
    data = saved(Image.new("RGBA", (64, 64), (0, 0, 0, 0)), "png")
    assert read(imaging.convert(data, "jpeg", 90)).getpixel((9, 9)) == (255, 255, 255)
    assert read(imaging.convert(data, "webp", 90)).convert("RGBA").getchannel("A").getextrema() == (0, 0)


def camera_file(kind: str) -> bytes:
    """300 x 200, to be turned upright, with words in every place that a format has for them."""
    exif = Image.Exif()
    exif[0x0112] = 6  # turn by 90 degrees
    exif[0x010F] = "SecretMaker"
    image = read(picture("png"))
    text = PngImagePlugin.PngInfo()
    text.add_text("Description", "SecretText")
    extra: dict[str, object] = (
        {"pnginfo": text} if kind == "png" else {"comment": "SecretText"} if kind == "jpeg" else {}
    )
    return saved(image, kind, exif=exif.tobytes(), icc_profile=b"SecretProfile" + bytes(200), **extra)


@pytest.mark.parametrize(("source", "target"), [("jpeg", "png"), ("jpeg", "webp"), ("png", "jpeg"), ("webp", "png")])
def test_a_derived_file_is_upright_and_carries_no_foreign_word(source: str, target: imaging.Format) -> None:
    data = camera_file(source)
    assert b"Secret" in data
    for derived in (imaging.convert(data, target, 90), imaging.preview(data)):
        assert b"Secret" not in derived
        image = read(derived)
        assert image.size == (200, 300)
        assert not image.getexif()
        assert "icc_profile" not in image.info


def test_what_fits_is_sent_as_it_is() -> None:
    data = picture("png")
    assert imaging.fit(data, LIMIT, 85) == (data, "image/png")
    assert imaging.fit(picture("jpeg"), LIMIT, 85, jpeg_only=True) == (picture("jpeg"), "image/jpeg")


def test_webp_is_changed_even_if_it_fits_where_only_jpeg_is_shown() -> None:
    fitted = imaging.fit(picture("webp"), LIMIT, 85, jpeg_only=True)
    assert fitted is not None
    assert (fitted[1], read(fitted[0]).format) == ("image/jpeg", "JPEG")


@pytest.mark.parametrize("jpeg_only", [False, True])
@pytest.mark.parametrize("limit", [200_000, 60_000, 12_000])
def test_what_is_too_big_is_made_to_fit(limit: int, jpeg_only: bool) -> None:
    data = picture("png", 640, 480, grain=120)
    fitted = imaging.fit(data, limit, 90, jpeg_only=jpeg_only)
    assert fitted is not None
    smaller, media_type = fitted
    assert len(smaller) <= limit < len(data)
    assert media_type == ("image/jpeg" if jpeg_only else "image/webp") == containers.sniff(smaller)


def test_quality_goes_before_size() -> None:
    data = picture("png", 640, 480, grain=120)
    fitted = imaging.fit(data, len(imaging.convert(data, "webp", 85)), 95)
    assert fitted is not None
    assert read(fitted[0]).size == (640, 480)


def test_nothing_fits_into_nothing() -> None:
    assert imaging.fit(picture("png", 640, 480, grain=120), 50, 85) is None


@pytest.mark.parametrize(("count", "size"), [(2, (508 + 4, 254)), (3, (512, 512)), (4, (512, 512))])
def test_several_pictures_stand_side_by_side(count: int, size: tuple[int, int]) -> None:
    sheet = read(imaging.contact_sheet([picture("png", 1024, 1024)] * count))
    assert (sheet.format, sheet.size) == ("JPEG", size)


def test_a_picture_to_come_leaves_its_place_empty() -> None:
    sheet = read(imaging.contact_sheet([None, picture("png", 1024, 1024), None, None]))
    assert sheet.getpixel((100, 100)) == (255, 255, 255)
    assert sheet.getpixel((300, 100)) == pytest.approx(RED, abs=12)
    assert sheet.getpixel((300, 400)) == (255, 255, 255)


def test_one_picture_alone_is_its_preview() -> None:
    data = picture("png", 1024, 1024)
    assert imaging.contact_sheet([data]) == imaging.preview(data)
