"""The chat page as the server renders it."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from uuid import UUID

import pytest

import bot.web
from core.errors import Fault
from tests.bot.web.site import Site
from tests.bot.web.test_asking import NASTY
from tests.bot.web.test_sessions import signed_in
from tests.fakes.pictures import drawn
from tests.fakes.workshop import Workshop

HTML = {"Accept": "text/html"}


class Tags(HTMLParser):
    """Every start tag with its attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


async def page(site: Site) -> str:
    answer = await site.signed_in_with(None).ask("GET", "/", headers=await signed_in(site) | HTML)
    assert answer.status == 200
    return answer.text


async def test_the_policy_lets_nothing_in_from_elsewhere_and_nothing_inline(site: Site) -> None:
    text = await page(site)
    answer = await site.ask("GET", "/sign-in")
    policy = answer.headers["Content-Security-Policy"]
    for part in ("default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'"):
        assert part in policy.split("; ")
    assert "unsafe" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    for tag, attributes in Tags(text).found:
        assert not {name for name in attributes if name == "style" or name.startswith("on")}, tag
        assert tag != "script" or attributes["src"] == "/static/chat.js"
        for name in ("src", "href", "action"):
            assert not re.match(r"(https?:)?//|javascript:", attributes.get(name) or "")


async def test_the_headers_are_on_every_kind_of_answer(site: Site) -> None:
    task = await site.generate()
    for path in ("/static/chat.js", "/nowhere", "/healthz", f"/images/tasks/{task}/status"):
        answer = await site.ask("GET", path)
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"]


async def test_an_empty_page_offers_examples_and_every_usable_option(site: Site, workshop: Workshop) -> None:
    text = await page(site)
    tags = Tags(text).found
    assert len([1 for _, attributes in tags if "data-example" in attributes]) == 4
    names = {attributes["name"] for tag, attributes in tags if tag == "select"}
    assert names == {"model", "size", "quality", "style", "count", "background"}
    assert all(style.title in text for style in workshop.styles.all)


async def test_a_reload_shows_what_was_asked_whatever_became_of_it(site: Site, workshop: Workshop) -> None:
    waiting, running, done, failed, cancelled = [
        UUID(await site.generate(f"wish {n}", count=1 + n % 2)) for n in range(5)
    ]
    await workshop.progress(running, percent=70, sequence=1, eta_seconds=9)
    pictures = await workshop.finish(done)
    await workshop.fail(failed, Fault.MODERATED)
    await site.rest("DELETE", f"/images/tasks/{cancelled}")
    text = await page(site)
    states = {a["data-task"]: a["data-status"] for tag, a in Tags(text).found if tag == "article" and "data-task" in a}
    assert states == {
        str(waiting): "pending",
        str(running): "running",
        str(done): "completed",
        str(failed): "failed",
        str(cancelled): "cancelled",
    }
    assert f"/images/{pictures[0].id}/download?format=webp" in text
    assert "about 9 s left" in text
    assert "Nothing was charged" in text


@pytest.mark.parametrize("prompt", NASTY)
async def test_a_prompt_is_only_ever_text(site: Site, workshop: Workshop, prompt: str) -> None:
    harmless = len(Tags(await page(site)).found)
    answer = await site.rest("POST", "/images/generate", json={"prompt": "plain"})
    plain = len(Tags(await page(site)).found)
    assert plain > harmless
    workshop.store.change(UUID(answer.json()["task_id"]), prompt=prompt)
    assert len(Tags(await page(site)).found) == plain


async def test_a_single_turn_is_its_owners_only(site: Site) -> None:
    task = await site.generate("a fox")
    mine = await site.ask("GET", f"/turns/{task}")
    assert (mine.status, "a fox" in mine.text) == (200, True)
    eve = await site.as_user("eve")
    assert (await eve.ask("GET", f"/turns/{task}")).status == 404


async def test_editing_starts_from_the_options_that_were_chosen(site: Site) -> None:
    task = await site.generate("a fox", size="1536x1024", quality="high")
    turn = (await site.ask("GET", f"/turns/{task}")).text
    assert '{"size":"1536x1024","quality":"high"}' in turn.replace("&#34;", '"')


async def test_a_wrong_address_is_a_page_for_people_and_json_for_programs(site: Site) -> None:
    person = await site.ask("GET", "/nowhere", headers=HTML)
    program = await site.ask("GET", "/nowhere")
    assert person.status == program.status == 404
    assert person.headers["Content-Type"].startswith("text/html")
    assert program.json()["error"]["next_step"]


async def test_a_wrong_method_is_named(site: Site) -> None:
    answer = await site.ask("PUT", "/images/generate")
    assert (answer.status, answer.headers["Allow"]) == (405, "POST")


def test_the_page_needs_nothing_from_elsewhere() -> None:
    files = list(Path(bot.web.__file__).parent.glob("static/*")) + list(
        Path(bot.web.__file__).parent.glob("templates/*")
    )
    assert files
    for file in files:
        urls = re.findall(r"https?://[^\s\"'<>]+", file.read_text("utf-8"))
        assert set(urls) <= {"http://www.w3.org/2000/svg"}, file


async def test_a_large_picture_is_sent_whole(site: Site, workshop: Workshop) -> None:
    task = UUID(await site.generate())
    picture = (await workshop.finish(task))[0]
    workshop.images.files[picture.id] = drawn() + bytes(3 * 1024 * 1024)
    status = await site.rest("GET", f"/images/tasks/{task}/status")
    assert len(status.json()["image_data"]["image_data"]) > 4 * 1024 * 1024
