"""Bytes that claim to be pictures: what is accepted, what is refused, and the thumbnail that comes with the check."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageStat

from core import imaging
from core.errors import Fault, ProviderError
from core.imaging import Facts
from tests.core.drawn import BLUE, KINDS, RED, picture, read, saved

LIMIT = 30_000_000


def refused(act: Callable[[], object]) -> str:
    """The reason for which the bytes were refused."""
    with pytest.raises(ProviderError) as caught:
        act()
    assert caught.value.fault is Fault.BAD_IMAGE
    return caught.value.detail


def verdict(data: bytes) -> Fault | None:
    try:
        imaging.inspect(data, max_bytes=LIMIT)
    except ProviderError as error:
        return error.fault
    return None


# ---------------------------------------------------------------- what is accepted


@pytest.mark.parametrize("kind", KINDS)
def test_a_whole_picture_is_known_by_its_content(kind: str) -> None:
    assert imaging.inspect(picture(kind), max_bytes=LIMIT) == Facts(f"image/{kind}", 300, 200)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_kind_of_png_has_a_thumbnail(mode: str) -> None:
    data = saved(Image.new(mode, (600, 400)), "png")
    assert read(imaging.check(data, max_bytes=LIMIT).thumbnail).size == (256, 171)


def test_sixteen_bits_of_grey_keep_their_brightness() -> None:
    grey = saved(Image.new("I;16", (300, 300), 0x8000), "png")
    assert ImageStat.Stat(read(imaging.preview(grey)).convert("L")).mean[0] == pytest.approx(128, abs=3)


def test_lossless_and_animated_webp_are_read_too() -> None:
    for options in ({"lossless": True}, {"save_all": True, "append_images": [Image.new("RGB", (300, 200), BLUE)]}):
        data = saved(Image.new("RGB", (300, 200), RED), "webp", **options)
        assert imaging.inspect(data, max_bytes=LIMIT) == Facts("image/webp", 300, 200)


@pytest.mark.parametrize("options", [{"progressive": True}, {"comment": b"x" * 40_000}, {"restart_marker_rows": 1}])
def test_jpegs_of_every_build_tell_their_size(options: dict[str, object]) -> None:
    data = saved(Image.new("RGB", (300, 200), RED), "jpeg", **options)
    assert imaging.inspect(data, max_bytes=LIMIT) == Facts("image/jpeg", 300, 200)


# ---------------------------------------------------------------- what is refused


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<!doctype html><h1>Please sign in</h1>",
        b"%PDF-1.7",
        b"BM" + bytes(100),
        b"II*\0" + bytes(100),
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff\xe0",
        b"RIFF\x04\0\0\0WEBP",
        b"GIF89a",
    ],
    ids=["empty", "svg", "html", "pdf", "bmp", "tiff", "png head", "jpeg head", "webp head", "gif head"],
)
def test_what_is_no_whole_picture_is_refused(data: bytes) -> None:
    assert refused(lambda: imaging.inspect(data, max_bytes=LIMIT))


def test_a_picture_over_the_limit_is_refused_undecoded() -> None:
    assert "over the limit" in refused(lambda: imaging.check(picture("png"), max_bytes=100))


def png_of(width: int, height: int, rows: bytes) -> bytes:
    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


@pytest.mark.parametrize("act", [imaging.preview, lambda data: imaging.check(data, max_bytes=LIMIT)])
def test_a_bomb_is_refused_by_its_header(act: Callable[[bytes], object]) -> None:
    assert "60000 x 60000" in refused(lambda: act(png_of(60_000, 60_000, bytes(1000))))
    gif = b"GIF89a" + struct.pack("<HH", 65_535, 65_535) + bytes(20) + b";"
    assert "65535 x 65535" in refused(lambda: act(gif))
    webp = b"RIFF" + struct.pack("<I", 22) + b"WEBPVP8X\x0a\0\0\0" + bytes(4) + b"\xff\x3f\0" * 2
    assert "16384 x 16384" in refused(lambda: act(webp))


def test_a_jpeg_with_a_small_header_before_its_true_one_is_refused() -> None:
    data = picture("jpeg")
    decoy = b"\xff\xc0" + struct.pack(">HBHHB", 17, 8, 8, 8, 3) + bytes((1, 0x11, 0, 2, 0x11, 1, 3, 0x11, 1))
    assert "contradict" in refused(lambda: imaging.inspect(data[:2] + decoy + data[2:], max_bytes=LIMIT))


def test_an_empty_picture_is_refused() -> None:
    assert refused(lambda: imaging.inspect(png_of(0, 100, b""), max_bytes=LIMIT))


@given(kind=st.sampled_from(KINDS), share=st.floats(0, 1, exclude_max=True))
def test_no_truncation_passes_for_a_picture(kind: str, share: float) -> None:
    data = picture(kind, 64, 48, grain=40)
    assert verdict(data[: int(len(data) * share)]) is Fault.BAD_IMAGE


@pytest.mark.parametrize("kind", ["png", "jpeg", "webp"])
def test_not_even_one_missing_byte_passes(kind: str) -> None:
    data = picture(kind, 64, 48)
    assert verdict(data) is None
    assert verdict(data[:-1]) is Fault.BAD_IMAGE


@given(st.sampled_from([b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"RIFF\x20\0\0\0WEBP", b"GIF89a"]), st.binary())
def test_random_bytes_are_refused_and_raise_nothing_else(head: bytes, rest: bytes) -> None:
    assert verdict(head + rest) is Fault.BAD_IMAGE


@given(kind=st.sampled_from(KINDS), place=st.floats(0, 1, exclude_max=True), byte=st.integers(0, 255))
def test_a_damaged_picture_is_accepted_or_refused_and_raises_nothing_else(kind: str, place: float, byte: int) -> None:
    data = bytearray(picture(kind, 64, 48, grain=40))
    data[int(len(data) * place)] = byte
    assert verdict(bytes(data)) in {None, Fault.BAD_IMAGE}


# ---------------------------------------------------------------- the thumbnail


@pytest.mark.parametrize(
    ("size", "small"),
    [((1024, 1024), (256, 256)), ((1536, 1024), (256, 171)), ((1000, 300), (256, 77)), ((100, 60), (100, 60))],
)
def test_the_thumbnail_is_webp_of_at_most_256_pixels(size: tuple[int, int], small: tuple[int, int]) -> None:
    checked = imaging.check(picture("png", *size), max_bytes=LIMIT)
    assert checked.facts == Facts("image/png", *size)
    thumbnail = read(checked.thumbnail)
    assert (thumbnail.format, thumbnail.size) == ("WEBP", small)


def test_a_thumbnail_keeps_what_shows_through() -> None:
    data = saved(Image.new("RGBA", (1024, 1024), (255, 0, 0, 0)), "png")
    assert read(imaging.check(data, max_bytes=LIMIT).thumbnail).mode == "RGBA"


# ---------------------------------------------------------------- Base64, threads and settings


@given(st.binary(max_size=5000))
def test_base64_there_and_back(data: bytes) -> None:
    assert imaging.decode(imaging.encode(data)) == data


@pytest.mark.parametrize("text", ["A", "QUJD*", "QUJ D", "QUJD\n", "ÄÖÜ=", "QUJ", "=QUJD"])
def test_what_is_not_base64_is_a_bad_image(text: str) -> None:
    assert refused(lambda: imaging.decode(text))


def test_many_threads_get_the_same_answers() -> None:
    sources = [picture(kind, 640, 480, grain=60) for kind in KINDS]
    alone = [(imaging.check(data, max_bytes=LIMIT), imaging.preview(data)) for data in sources]
    with ThreadPoolExecutor(8) as threads:
        together = threads.map(lambda data: (imaging.check(data, max_bytes=LIMIT), imaging.preview(data)), sources * 8)
        assert list(together) == alone * 8


def test_pillows_own_settings_are_left_alone() -> None:
    before = Image.MAX_IMAGE_PIXELS
    imaging.check(picture("png"), max_bytes=LIMIT)
    assert before == Image.MAX_IMAGE_PIXELS
