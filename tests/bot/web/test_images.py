"""Pictures as files."""

from __future__ import annotations

import io
from uuid import UUID, uuid4

import pytest
from PIL import Image

from core.generation import Picture
from tests.bot.web.site import Site
from tests.fakes.workshop import Workshop


@pytest.fixture
async def picture(site: Site, workshop: Workshop) -> Picture:
    return (await workshop.finish(UUID(await site.generate("a fox"))))[0]


async def test_without_a_format_the_providers_bytes_come_exactly(
    site: Site, workshop: Workshop, picture: Picture
) -> None:
    answer = await site.rest("GET", f"/images/{picture.id}/download")
    assert answer.body == workshop.images.files[picture.id]
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
    assert answer.headers["Cache-Control"] == "private, max-age=31536000, immutable"


@pytest.mark.parametrize("wanted", ["png", "jpeg", "webp"])
async def test_each_format_is_what_it_says(site: Site, picture: Picture, wanted: str) -> None:
    answer = await site.rest("GET", f"/images/{picture.id}/download?format={wanted}")
    with Image.open(io.BytesIO(answer.body)) as image:
        assert image.format == wanted.upper()
    assert answer.headers["Content-Type"] == f"image/{wanted}"


async def test_an_unknown_format_is_refused(site: Site, picture: Picture) -> None:
    answer = await site.rest("GET", f"/images/{picture.id}/download?format=../svg")
    assert answer.status == 400


async def test_the_thumbnail_is_a_small_webp(site: Site, workshop: Workshop, picture: Picture) -> None:
    answer = await site.rest("GET", f"/images/{picture.id}/thumbnail")
    assert answer.body == workshop.images.thumbnails[picture.id]
    assert answer.headers["Content-Type"] == "image/webp"


@pytest.mark.parametrize("end", ["download", "download?format=webp", "thumbnail"])
async def test_a_copy_that_one_has_is_not_sent_again(site: Site, picture: Picture, end: str) -> None:
    path = f"/images/{picture.id}/{end}"
    tag = (await site.rest("GET", path)).headers["ETag"]
    again = await site.rest("GET", path, headers={"If-None-Match": tag})
    assert (again.status, again.body) == (304, b"")
    assert (await site.rest("GET", path, headers={"If-None-Match": '"other"'})).status == 200


@pytest.mark.parametrize("end", ["download", "thumbnail"])
async def test_a_strangers_picture_looks_like_one_that_never_was(site: Site, picture: Picture, end: str) -> None:
    tag = (await site.rest("GET", f"/images/{picture.id}/{end}")).headers["ETag"]
    eve = await site.as_user("eve")
    theirs = await eve.rest("GET", f"/images/{picture.id}/{end}", headers={"If-None-Match": tag})
    unknown = await eve.rest("GET", f"/images/{uuid4()}/{end}")
    malformed = await eve.rest("GET", f"/images/..%2f..%2fetc/{end}")
    assert theirs.status == unknown.status == malformed.status == 404
    assert theirs.body == unknown.body == malformed.body
