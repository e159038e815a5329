"""The limits of components in messages: legacy rows, and layouts with the components-v2 flag."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from . import errors
from .jsontypes import Json

TOTAL, TEXT, ROWS, BUTTONS, OPTIONS, GALLERY = 40, 4000, 5, 5, 25, 10
CUSTOM_ID, LABEL, PLACEHOLDER, OPTION_TEXT, URL = 100, 80, 150, 100, 512
ROW, BUTTON, SECTION, DISPLAY, THUMBNAIL, MEDIA_GALLERY, FILE, SEPARATOR, CONTAINER = 1, 2, 9, 10, 11, 12, 13, 14, 17
SELECTS = (3, 5, 6, 7, 8)
LINK, PREMIUM = 5, 6
_TOP = {ROW, SECTION, DISPLAY, MEDIA_GALLERY, FILE, SEPARATOR, CONTAINER}

Placed = tuple[str, Json]


def check_components(components: list[Json], *, v2: bool, filenames: Sequence[str]) -> None:
    """Raises a 50035 for the first component that Discord would not take."""
    allowed = _TOP if v2 else {ROW}
    for place, component in enumerate(components):
        _kind(f"components.{place}", component, allowed)
    if not v2 and len(components) > ROWS:
        raise errors.invalid_form("components", "BASE_TYPE_BAD_LENGTH", f"Must be between 1 and {ROWS} in length.")
    placed = list(_placed("components", components))
    if len(placed) > TOTAL:
        problem = f"The maximum number of components in a message is {TOTAL}"
        raise errors.invalid_form("components", "MESSAGE_MAX_COMPONENTS_EXCEEDED", problem)
    if sum(len(part.get("content") or "") for _, part in placed if part.get("type") == DISPLAY) > TEXT:
        problem = f"Total text in components must be {TEXT} or fewer characters."
        raise errors.invalid_form("components", "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED", problem)
    _check_unique(placed)
    for path, part in placed:
        _CHECKS.get(part.get("type", 0), _ignore)(path, part)
        _check_media(path, part, filenames)


def _placed(path: str, components: Sequence[Json]) -> Iterator[Placed]:
    for place, component in enumerate(components):
        here = f"{path}.{place}"
        yield here, component
        yield from _placed(f"{here}.components", component.get("components") or ())
        if component.get("accessory"):
            yield f"{here}.accessory", component["accessory"]


def _check_unique(placed: Sequence[Placed]) -> None:
    ids = Counter(part["custom_id"] for _, part in placed if part.get("custom_id"))
    for path, part in placed:
        if ids[part.get("custom_id")] > 1:
            problem = "Component custom id cannot be duplicated"
            raise errors.invalid_form(f"{path}.custom_id", "COMPONENT_CUSTOM_ID_DUPLICATED", problem)


def _kind(path: str, component: Json, allowed: set[int]) -> None:
    if component.get("type") not in allowed:
        problem = f'Value of field "type" must be one of {tuple(sorted(allowed))}.'
        raise errors.invalid_form(f"{path}.type", "UNION_TYPE_CHOICES", problem)


def _between(path: str, text: str | None, most: int, least: int = 0) -> None:
    if not least <= len(text or "") <= most:
        raise errors.invalid_form(path, "BASE_TYPE_BAD_LENGTH", f"Must be between {least} and {most} in length.")


def _check_row(path: str, row: Json) -> None:
    inside = row.get("components") or []
    selects = [part for part in inside if part.get("type") in SELECTS]
    for place, part in enumerate(inside):
        _kind(f"{path}.components.{place}", part, {BUTTON, *SELECTS})
    most = 1 if selects else BUTTONS
    if not 1 <= len(inside) <= most:
        problem = f"Must be between 1 and {most} in length."
        raise errors.invalid_form(f"{path}.components", "BASE_TYPE_BAD_LENGTH", problem)


def _check_button(path: str, button: Json) -> None:
    _between(f"{path}.label", button.get("label"), LABEL)
    style = button.get("style")
    if not button.get("label") and not button.get("emoji") and style != PREMIUM:
        raise errors.invalid_form(path, "BUTTON_COMPONENT_LABEL_OR_EMOJI_REQUIRED", "A label or emoji is required.")
    if style == LINK:
        _between(f"{path}.url", button.get("url"), URL, 1)
    if bool(button.get("custom_id")) != (style in (1, 2, 3, 4)):
        problem = "A custom id is required for a button that is neither a link nor premium, and forbidden for these."
        raise errors.invalid_form(path, "BUTTON_COMPONENT_CUSTOM_ID_REQUIRED", problem)
    _between(f"{path}.custom_id", button.get("custom_id"), CUSTOM_ID)


def _check_select(path: str, select: Json) -> None:
    _between(f"{path}.custom_id", select.get("custom_id"), CUSTOM_ID, 1)
    _between(f"{path}.placeholder", select.get("placeholder"), PLACEHOLDER)
    options = select.get("options") or []
    if select["type"] == 3 and not 1 <= len(options) <= OPTIONS:
        problem = f"Must be between 1 and {OPTIONS} in length."
        raise errors.invalid_form(f"{path}.options", "BASE_TYPE_BAD_LENGTH", problem)
    for place, option in enumerate(options):
        _between(f"{path}.options.{place}.label", option.get("label"), OPTION_TEXT, 1)
        _between(f"{path}.options.{place}.value", option.get("value"), OPTION_TEXT, 1)
        _between(f"{path}.options.{place}.description", option.get("description"), OPTION_TEXT)
    if len({option.get("value") for option in options}) != len(options):
        problem = "The specified option value is already used"
        raise errors.invalid_form(f"{path}.options", "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", problem)


def _check_section(path: str, section: Json) -> None:
    texts = section.get("components") or []
    for place, part in enumerate(texts):
        _kind(f"{path}.components.{place}", part, {DISPLAY})
    if not 1 <= len(texts) <= 3:
        raise errors.invalid_form(f"{path}.components", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 3 in length.")
    _kind(f"{path}.accessory", section.get("accessory") or {}, {BUTTON, THUMBNAIL})


def _check_text(path: str, display: Json) -> None:
    _between(f"{path}.content", display.get("content"), TEXT, 1)


def _check_gallery(path: str, gallery: Json) -> None:
    if not 1 <= len(gallery.get("items") or []) <= GALLERY:
        problem = f"Must be between 1 and {GALLERY} in length."
        raise errors.invalid_form(f"{path}.items", "BASE_TYPE_BAD_LENGTH", problem)


def _check_container(path: str, container: Json) -> None:
    for place, part in enumerate(container.get("components") or ()):
        _kind(f"{path}.components.{place}", part, _TOP - {CONTAINER})


def _check_media(path: str, part: Json, filenames: Sequence[str]) -> None:
    media = [part[key] for key in ("media", "file") if part.get(key)]
    media += [item["media"] for item in part.get("items") or ()]
    for medium in media:
        url = str(medium.get("url", ""))
        if url.startswith("attachment://") and url.removeprefix("attachment://") not in filenames:
            code = "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND"
            raise errors.invalid_form(path, code, f"The referenced attachment {url!r} was not found.")


def _ignore(_path: str, _part: Json) -> None:
    """Thumbnails, files and separators have no limit of their own but their media."""


_CHECKS: dict[int, Callable[[str, Json], None]] = {
    ROW: _check_row,
    BUTTON: _check_button,
    SECTION: _check_section,
    DISPLAY: _check_text,
    MEDIA_GALLERY: _check_gallery,
    CONTAINER: _check_container,
    **dict.fromkeys(SELECTS, _check_select),
}
