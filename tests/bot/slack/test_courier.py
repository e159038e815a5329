"""What becomes of a placeholder: progress, previews, pictures, and everything Slack can do to it."""

from __future__ import annotations

import asyncio

from bot.slack import SlackAdapter
from core.errors import Fault, Outage, Undeliverable
from core.generation import Generation, Progress, ReplyTo, Stage
from core.views import Working
from tests.bot.slack.bot import Bot, config, kinds, text_of, whispers
from tests.fakes.pictures import drawn
from tests.fakes.records import finished, generation, waiting
from tests.fakes.slack import Answer, FakeSlack, Message, Processing
from tests.fakes.workshop import Workshop


async def asked(bot: Bot, text: str = "a fox") -> tuple[Generation, Message]:
    """A request in the channel, its placeholder shown."""
    before = len(bot.shown())
    await bot.slack.slash(bot.slack.alice, "/imagine", text, channel=bot.slack.channel)
    await bot.slack.wait_for(lambda: len(bot.shown()) > before)
    return bot.workshop.requests[-1], bot.shown()[-1]


async def delivered(bot: Bot, generation: Generation) -> None:
    assert await bot.workshop.deliveries.outcome(generation.id) == "delivered"


async def test_one_message_goes_from_the_queue_over_progress_and_preview_to_the_very_picture(
    bot: Bot, slack: FakeSlack
) -> None:
    generation, message = await asked(bot)
    await bot.workshop.progress(generation.id, 35)
    await bot.shows(message, "35 %")
    await bot.workshop.progress(generation.id, 61, preview=drawn("JPEG", "gray"), preview_index=1)
    await slack.wait_for(lambda: "image" in kinds(message))
    picture = drawn()
    await bot.workshop.finish(generation.id, [picture])
    await delivered(bot, generation)
    files = list(slack.workspace.files)
    assert kinds(message) == ["image", "section", "context", "actions"]
    assert files[-1].content == picture
    assert message.blocks[0]["slack_file"] == {"id": files[-1].id}
    assert message.blocks[0]["alt_text"] == "Generated picture: a fox"
    assert files[0].deleted, "the preview is taken away"
    assert "8.2 s" in text_of(message)
    assert f"Asked by <@{slack.alice}>" in text_of(message)
    assert len(slack.calls("chat.postMessage")) == 1
    ids = [block["block_id"] for state in message.states for block in state.blocks]
    assert len(ids) == len(set(ids)), "every edit has block ids of its own"


async def test_four_pictures_are_shown_in_order_with_a_download_each(bot: Bot, slack: FakeSlack) -> None:
    generation, message = await asked(bot, "a fox --count 4")
    pictures = [drawn(colour=colour) for colour in ("red", "green", "blue", "white")]
    await bot.workshop.finish(generation.id, pictures)
    await delivered(bot, generation)
    shown = [block["slack_file"]["id"] for block in message.blocks if block["type"] == "image"]
    assert [slack.workspace.files.find(one).content for one in shown] == pictures
    assert message.blocks[3]["alt_text"].endswith("(4 of 4)")
    labels = [element["text"]["text"] for element in message.blocks[-1]["elements"]]
    assert labels == ["Variations", "Edit…", "Download 1", "Download 2", "Download 3", "Download 4"]


async def test_webp_is_shown_as_png_and_says_so(bot: Bot, slack: FakeSlack) -> None:
    generation, message = await asked(bot)
    await bot.workshop.finish(generation.id, [drawn("WEBP")])
    await delivered(bot, generation)
    content = next(iter(slack.workspace.files)).content
    assert content is not None
    assert content.startswith(b"\x89PNG")
    assert "WebP" in text_of(message)


async def test_a_failure_says_what_happened_and_offers_the_next_step(bot: Bot, slack: FakeSlack) -> None:
    generation, message = await asked(bot)
    await bot.workshop.fail(generation.id, Fault.TIMEOUT)
    await bot.shows(message, "It took too long")
    assert [element["action_id"] for element in message.blocks[-1]["elements"]] == ["limner:retry", "limner:edit"]


async def test_notes_about_the_options_stand_under_the_picture(bot: Bot, slack: FakeSlack) -> None:
    generation, message = await asked(bot, "a fox --seed 5 --model gpt-image-2")
    await bot.workshop.finish(generation.id, [drawn()])
    await delivered(bot, generation)
    assert "does not use seeds" in text_of(message)


async def test_a_rate_limit_names_the_pause(slack: FakeSlack) -> None:
    courier, place = SlackAdapter(config(slack), Workshop().studio()).courier, ReplyTo("slack", {"channel": "C"})
    slack.script("chat.postMessage", Answer(429, {"ok": False, "error": "ratelimited"}, {"Retry-After": "7"}))
    away = await _refused(courier.show(place, waiting()))
    assert isinstance(away, Outage)
    assert away.retry_after == 7


async def test_outages_pass_and_refusals_do_not(slack: FakeSlack) -> None:
    courier = SlackAdapter(config(slack), Workshop().studio()).courier
    place = ReplyTo("slack", {"channel": slack.channel, "user": slack.alice, "ts": "1700000000.000100"})
    expected: dict[str, type[Exception]] = {
        "internal_error": Outage,
        "channel_not_found": Undeliverable,
        "is_archived": Undeliverable,
        "not_in_channel": Undeliverable,
        "invalid_auth": Undeliverable,
        "account_inactive": Undeliverable,
    }
    for code, kind in expected.items():
        slack.script("chat.update", Answer(200, {"ok": False, "error": code}))
        assert type(await _refused(courier.show(place, waiting()))).__mro__.count(kind) == 1, code
    slack.script("chat.update", Answer(503, "<html>away</html>", {"Content-Type": "text/html"}))
    assert isinstance(await _refused(courier.show(place, waiting())), Outage)


async def test_a_picture_whose_channel_was_closed_goes_to_its_asker(bot: Bot, slack: FakeSlack) -> None:
    generation, _ = await asked(bot)
    slack.workspace.channels[slack.channel].members.discard(slack.bot_user)
    slack.script("chat.update", Answer(200, {"ok": False, "error": "channel_not_found"}))
    await bot.workshop.finish(generation.id, [drawn()])
    await delivered(bot, generation)
    direct = slack.workspace.direct_channel(slack.alice).id
    [message] = bot.shown(direct)
    assert "image" in kinds(message)
    assert "could not post" in text_of(message)


async def test_where_the_bot_may_not_post_the_asker_is_told(bot: Bot, slack: FakeSlack) -> None:
    slack.script("chat.postMessage", Answer(200, {"ok": False, "error": "restricted_action"}))
    await slack.slash(slack.alice, "/imagine", "a fox", channel=slack.channel)
    said = await slack.wait_for(lambda: whispers(slack))
    assert "cannot post" in text_of(said[0])


async def test_a_picture_is_uploaded_once_however_often_showing_it_fails(slack: FakeSlack) -> None:
    workshop = Workshop()
    courier = SlackAdapter(config(slack), workshop.studio()).courier
    place = await courier.show(ReplyTo("slack", {"channel": slack.channel, "user": slack.alice}), waiting())
    assert place is not None
    view = finished()
    slack.script("chat.update", Answer(500, {"ok": False, "error": "internal_error"}), times=2)
    assert isinstance(await _refused(courier.show(place, view)), Outage)
    assert isinstance(await _refused(courier.show(place, view)), Outage)
    moved = await courier.show(place, view)
    assert moved is not None
    assert await courier.show(moved, view) is None
    assert len(slack.calls("upload")) == 1
    other = SlackAdapter(config(slack), workshop.studio()).courier
    assert await other.show(moved, view) is None
    assert len(slack.calls("upload")) == 1, "the address tells another process of the file"


async def test_a_file_that_somebody_deleted_is_uploaded_again(slack: FakeSlack) -> None:
    courier = SlackAdapter(config(slack), Workshop().studio()).courier
    view = finished()
    moved = await courier.show(ReplyTo("slack", {"channel": slack.channel, "user": slack.alice}), view)
    assert moved is not None
    next(iter(slack.workspace.files)).deleted = True
    again = await courier.show(moved, view)
    assert again is not None
    assert again.address["files"] != moved.address["files"]


async def test_a_file_that_is_not_ready_when_it_is_called_so_is_tried_again(slack: FakeSlack) -> None:
    courier = SlackAdapter(config(slack), Workshop().studio()).courier
    errors = ["invalid slack file [json-pointer:/blocks/0/image/slack_file]"]
    slack.script("chat.postMessage", Answer(200, {"ok": False, "error": "invalid_blocks", "errors": errors}), times=2)
    moved = await courier.show(ReplyTo("slack", {"channel": slack.channel, "user": slack.alice}), finished())
    assert moved is not None
    assert len(slack.calls("upload")) == 1


async def test_a_file_that_is_never_processed_is_an_outage_not_a_hang(slack: FakeSlack) -> None:
    slack.workspace.files.processing = Processing(looks=None, seconds=None)
    courier = SlackAdapter(config(slack), Workshop().studio()).courier
    place = ReplyTo("slack", {"channel": slack.channel, "user": slack.alice})
    one = generation()
    preview = Progress(one.id, 1, Stage.GENERATING, 60, None, drawn("JPEG"), 1)
    async with asyncio.timeout(5):
        shown = await courier.show(place, Working(one, preview))
    assert shown is not None, "progress goes on without its preview"
    assert "image" not in [block["type"] for block in slack.bot_messages()[-1].blocks]


async def test_previews_come_seldom_and_not_at_all_near_the_end(slack: FakeSlack) -> None:
    courier = SlackAdapter(config(slack), Workshop().studio()).courier
    place = await courier.show(ReplyTo("slack", {"channel": slack.channel, "user": slack.alice}), waiting())
    assert place is not None
    one = generation()
    for number, percent in enumerate((85, 62, 63, 64), 1):
        progress = Progress(one.id, number, Stage.GENERATING, percent, 9, drawn("JPEG"), number)
        await courier.show(place, Working(one, progress))
    assert len(slack.calls("upload")) == 1
    assert "64 %" in text_of(slack.bot_messages()[-1])


async def test_the_pace_of_edits_keeps_to_fifty_a_minute_for_all(slack: FakeSlack) -> None:
    courier = SlackAdapter(config(slack), Workshop().studio()).courier
    assert all(n * 60 / courier.interval(n) <= 50.001 for n in range(1, 100))


async def _refused(showing: object) -> Exception:
    try:
        await showing  # type: ignore[misc]
    except (Outage, Undeliverable) as error:
        return error
    raise AssertionError("it was shown")
