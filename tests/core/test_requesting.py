"""Accepting a request: what cannot be worked from is refused before anything is stored."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from core.errors import BadRequest
from core.generation import Reference
from tests.core.material import request
from tests.fakes.workshop import Workshop


def _file(kind: str) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (64, 64), "teal").save(file, kind)
    return file.getvalue()


@pytest.mark.parametrize(("data", "why"), [(_file("GIF"), "it is a GIF"), (b"<html>", "neither PNG")])
async def test_a_picture_that_no_model_reads_is_refused_with_what_to_send(data: bytes, why: str) -> None:
    shop = Workshop()
    references = (Reference(_file("PNG"), "image/png"), Reference(data, "image/png"))
    with pytest.raises(BadRequest, match=f"Picture 2 .*{why}.*Send a PNG, JPEG or WebP"):
        await shop.studio().requesting.submit(request(references=references))
    assert shop.store.generations == {}
