"""Block Kit's rules for images, as a block and as an element inside one."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from .records import Json
from .shapes import Fault, keys, string, text

SlackFileFault = Callable[[Json], bool]
"""Whether a `slack_file` cannot be shown by the app that sends it: not processed, of the wrong type, or not its own."""


def image(found: Json, at: str, file_fault: SlackFileFault, *, is_block: bool = False) -> Iterator[Fault]:
    """The faults of an image: an alternative text, and one source that Slack can show."""
    yield from keys(found, at, "image_url slack_file alt_text" + (" title" if is_block else ""))
    yield from string(found, "alt_text", at, 2000, required=True)
    yield from string(found, "image_url", at, 3000)
    yield from text(found, "title", at, 2000, plain=True)
    if ("image_url" in found) == ("slack_file" in found):
        yield "must define either `image_url` or `slack_file`", at
    elif "slack_file" in found:
        yield from _slack_file(found["slack_file"], at, file_fault)
    elif not str(found["image_url"]).startswith(("https://", "http://")):
        yield "invalid_url", f"{at}/image_url"


def _slack_file(source: object, at: str, file_fault: SlackFileFault) -> Iterator[Fault]:
    if not isinstance(source, dict) or ("id" in source) == ("url" in source):
        yield "must define either `id` or `url`", f"{at}/slack_file"
        return
    yield from keys(source, f"{at}/slack_file", "id url")
    if file_fault(source):
        yield "invalid slack file", f"{at}/slack_file.{'id' if 'id' in source else 'url'}/slack_file"
