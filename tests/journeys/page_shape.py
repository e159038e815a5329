"""What a page is made of, whatever its words are."""

from __future__ import annotations

from html.parser import HTMLParser

Shape = list[tuple[str, tuple[str, ...]]]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.shape: Shape = []
        self.asked = ""
        self._inside = False

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.shape.append((tag, tuple(name for name, _ in attributes)))
        self._inside = ("class", "ask") in attributes

    def handle_endtag(self, tag: str) -> None:
        self._inside = False

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.asked += data


def read(page: str) -> tuple[Shape, str]:
    """Its elements with the names of their attributes, in order, and the prompt that it shows."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return reader.shape, reader.asked
