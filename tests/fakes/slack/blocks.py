"""Block Kit's rules for whole payloads: which blocks may stand where, how many, and how long each part may be.

Sources: docs.slack.dev/reference/block-kit and the constants of slack_sdk.models.blocks; wording as Slack's own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from .elements import elements
from .images import SlackFileFault, image
from .records import Json
from .shapes import Fault, keys, number_of, string, text, within, words

MESSAGE_BLOCKS, VIEW_BLOCKS = 50, 100
MESSAGE_TEXT_TOTAL = 13_200
"""All text of a message's blocks together (observed, bolt-js#2509): `msg_blocks_too_long`."""
MESSAGES_ONLY = words("markdown file carousel card table task_card plan context_actions alert container")
UNCHECKED = words("rich_text table video file call task_card plan alert container context_actions")
"""Known types whose contents this fake takes as they come."""


def block_faults(blocks: object, surface: str, file_fault: SlackFileFault) -> list[str]:
    """What is wrong with `blocks` on a `message`, `modal` or `home`, in Slack's words; empty when all is well."""
    base = "/blocks" if surface == "message" else "/view/blocks"
    if not isinstance(blocks, list):
        return [f"must be an array [json-pointer:{base}]"]
    return [f"{what} [json-pointer:{where}]" for what, where in _payload(blocks, surface, base, file_fault)]


def _payload(blocks: list[Any], surface: str, base: str, file_fault: SlackFileFault) -> Iterator[Fault]:
    most = MESSAGE_BLOCKS if surface == "message" else VIEW_BLOCKS
    if len(blocks) > most:
        yield f"no more than {most} items allowed", base
    ids = Counter(block["block_id"] for block in blocks if isinstance(block, dict) and block.get("block_id"))
    for repeated in (name for name, times in ids.items() if times > 1):
        yield f"`block_id` {repeated} already exists", base
    for index, block in enumerate(blocks):
        at = f"{base}/{index}"
        if not isinstance(block, dict):
            yield "must be an object", at
        elif surface != "message" and block.get("type") in MESSAGES_ONLY:
            yield f"unsupported type: {block['type']}", f"{at}/type"
        else:
            yield from _block(block, at, file_fault)


def _block(block: Json, at: str, file_fault: SlackFileFault) -> Iterator[Fault]:
    kind = block.get("type")
    yield from string(block, "block_id", at, 255)
    if kind == "image":
        yield from image(block, at, file_fault, is_block=True)
    elif kind in CHECKS:
        yield from CHECKS[kind](block, at, file_fault)
    elif kind not in UNCHECKED:
        yield f"unsupported type: {kind}", f"{at}/type"


def _section(block: Json, at: str, file_fault: SlackFileFault) -> Iterator[Fault]:
    yield from keys(block, at, "text fields accessory expand")
    if not block.get("text") and not block.get("fields"):
        yield "missing required field: text", at
    yield from text(block, "text", at, 3000)
    if "fields" in block:
        yield from number_of(block, "fields", at, 1, 10)
        for index, part in enumerate(within(block, "fields")):
            yield from text({index: part}, index, f"{at}/fields", 2000)
    if "accessory" in block:
        yield from elements([block["accessory"]], at, file_fault, names=("accessory",))


def _header(block: Json, at: str, _: SlackFileFault) -> Iterator[Fault]:
    yield from keys(block, at, "text level")
    yield from text(block, "text", at, 150, required=True, plain=True)


def _divider(block: Json, at: str, _: SlackFileFault) -> Iterator[Fault]:
    yield from keys(block, at, "")


def _markdown(block: Json, at: str, _: SlackFileFault) -> Iterator[Fault]:
    yield from keys(block, at, "text")
    yield from string(block, "text", at, 12_000, required=True)


def _context(block: Json, at: str, file_fault: SlackFileFault) -> Iterator[Fault]:
    yield from keys(block, at, "elements")
    yield from number_of(block, "elements", at, 1, 10)
    for index, element in enumerate(within(block, "elements")):
        where = f"{at}/elements/{index}"
        if isinstance(element, dict) and element.get("type") == "image":
            yield from image(element, where, file_fault)
        else:
            yield from text({index: element}, index, f"{at}/elements", 3000)


def _actions(block: Json, at: str, file_fault: SlackFileFault) -> Iterator[Fault]:
    yield from keys(block, at, "elements")
    yield from number_of(block, "elements", at, 1, 25)
    yield from elements(within(block, "elements"), f"{at}/elements", file_fault)


def _input(block: Json, at: str, file_fault: SlackFileFault) -> Iterator[Fault]:
    yield from keys(block, at, "label element dispatch_action hint optional")
    yield from text(block, "label", at, 2000, required=True, plain=True)
    yield from text(block, "hint", at, 2000, plain=True)
    if not isinstance(block.get("element"), dict):
        yield "missing required field: element", at
    else:
        yield from elements([block["element"]], at, file_fault, names=("element",))


def _card(block: Json, at: str, file_fault: SlackFileFault) -> Iterator[Fault]:
    yield from text(block, "title", at, 150)
    yield from text(block, "subtitle", at, 150)
    yield from text(block, "body", at, 200)
    if "hero_image" in block:
        yield from image(block["hero_image"], f"{at}/hero_image", file_fault)
    yield from elements(within(block, "actions"), f"{at}/actions", file_fault)
    if not any(block.get(part) for part in ("hero_image", "title", "actions", "body")):
        yield "must define at least one of hero_image, title, actions or body", at


def _carousel(block: Json, at: str, file_fault: SlackFileFault) -> Iterator[Fault]:
    yield from number_of(block, "elements", at, 1, 10)
    for index, card in enumerate(within(block, "elements")):
        yield from _card(card, f"{at}/elements/{index}", file_fault)


CHECKS: dict[str, Callable[[Json, str, SlackFileFault], Iterator[Fault]]] = {
    "section": _section,
    "header": _header,
    "divider": _divider,
    "markdown": _markdown,
    "context": _context,
    "actions": _actions,
    "input": _input,
    "card": _card,
    "carousel": _carousel,
}


def text_total(blocks: object) -> int:
    """How many characters of text a payload carries, at any depth."""
    if isinstance(blocks, list):
        return sum(text_total(part) for part in blocks)
    if isinstance(blocks, dict):
        own = blocks.get("text")
        return (len(own) if isinstance(own, str) else 0) + sum(text_total(part) for part in blocks.values())
    return 0


def view_faults(view: Json, file_fault: SlackFileFault) -> list[str]:
    """What is wrong with a modal or home tab, in Slack's words."""
    found = [f"{what} [json-pointer:{where}]" for what, where in _frame(view)]
    return found + block_faults(view.get("blocks"), str(view.get("type")), file_fault)


def _frame(view: Json) -> Iterator[Fault]:
    at = "/view"
    modal = view.get("type") == "modal"
    if not modal and view.get("type") != "home":
        yield f"unsupported type: {view.get('type')}", f"{at}/type"
    allowed = "blocks private_metadata callback_id external_id"
    modal_alone = " title submit close clear_on_close notify_on_close submit_disabled"
    yield from keys(view, at, allowed + (modal_alone if modal else ""))
    yield from text(view, "title", at, 24, required=modal, plain=True)
    yield from text(view, "submit", at, 24, plain=True)
    yield from text(view, "close", at, 24, plain=True)
    yield from string(view, "private_metadata", at, 3000)
    yield from string(view, "callback_id", at, 255)
    blocks = view.get("blocks") or []
    if modal and "submit" not in view and any(block.get("type") == "input" for block in blocks):
        yield "submit is required when an input block is within the blocks array", f"{at}/submit"
