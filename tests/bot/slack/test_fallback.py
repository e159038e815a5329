"""Where the end of a request goes when its message, its channel or its asker cannot be reached: to one place, once."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.slack import SlackAdapter
from core.errors import Fault, Undeliverable
from core.generation import ReplyTo, Status
from core.views import Cancelled, Failed, View, Working
from tests.bot.slack.bot import Bot, config, kinds, text_of
from tests.bot.slack.test_courier import asked, delivered
from tests.fakes.pictures import drawn
from tests.fakes.records import finished, generation, waiting, working
from tests.fakes.slack import Answer, FakeSlack, Message
from tests.fakes.workshop import Workshop

UNEDITABLE = ["message_not_found", "cant_update_message", "edit_window_closed"]


def refusing(slack: FakeSlack, method: str, code: str, times: int = 1) -> None:
    slack.script(method, Answer(200, {"ok": False, "error": code}), times)


async def shown(slack: FakeSlack, view: View) -> tuple[SlackAdapter, ReplyTo]:
    """A placeholder of the view's request."""
    adapter = SlackAdapter(config(slack), Workshop().studio())
    begun = waiting()
    where = ReplyTo("slack", {"channel": slack.channel, "user": slack.alice})
    place = await adapter.courier.show(where, begun)
    assert place is not None
    message = slack.bot_messages()[-1]
    message.states[-1].metadata["event_payload"]["generation"] = view.generation.id.hex  # type: ignore[index]
    return adapter, place


@pytest.mark.parametrize("code", UNEDITABLE)
async def test_a_message_that_takes_no_edits_is_followed_by_one_new_one_and_never_by_a_second(
    slack: FakeSlack, code: str
) -> None:
    view = finished()
    adapter, place = await shown(slack, view)
    refusing(slack, "chat.update", code)
    moved = await adapter.courier.show(place, view)
    assert moved is not None
    # Another process, which was never told of the new address, finds the new message.
    refusing(slack, "chat.update", code)
    again = await SlackAdapter(config(slack), Workshop().studio()).courier.show(place, view)
    assert again is not None
    assert again.address["ts"] == moved.address["ts"] != place.address["ts"]
    assert len(slack.bot_messages()) == 2


ENDS: dict[str, Callable[[], View]] = {
    "failed": lambda: Failed(generation(status=Status.FAILED, fault=Fault.TIMEOUT)),
    "cancelled": lambda: Cancelled(generation(status=Status.CANCELLED)),
}


@pytest.mark.parametrize("kind", ENDS)
async def test_the_end_without_a_picture_comes_in_a_new_message_or_directly(slack: FakeSlack, kind: str) -> None:
    view = ENDS[kind]()
    adapter, place = await shown(slack, view)
    slack.bot_messages()[0].deleted = True
    moved = await adapter.courier.show(place, view)
    assert moved is not None
    assert [one.ts for one in slack.bot_messages(slack.channel)] == [moved.address["ts"]]
    slack.workspace.channels[slack.channel].archived = True
    assert await adapter.courier.show(moved, view) is not None
    [direct] = slack.bot_messages(slack.workspace.direct_channel(slack.alice).id)
    assert "I could not post where you asked for this picture, so I write to you here." in text_of(direct)


@pytest.mark.parametrize("code", UNEDITABLE)
async def test_progress_is_not_worth_a_second_message(slack: FakeSlack, code: str) -> None:
    view: Working = working(40)
    adapter, place = await shown(slack, view)
    refusing(slack, "chat.update", code)
    with pytest.raises(Undeliverable):
        await adapter.courier.show(place, view)
    assert len(slack.bot_messages()) == 1


async def test_a_deleted_placeholder_comes_back_as_the_picture_alone(bot: Bot, slack: FakeSlack) -> None:
    generation, message = await asked(bot)
    message.deleted = True
    await bot.workshop.progress(generation.id, 40)
    await slack.wait_for(lambda: [call for call in slack.calls("chat.update") if call.error == "message_not_found"])
    await bot.workshop.finish(generation.id, [drawn()])
    await delivered(bot, generation)
    assert [kinds(one)[0] for one in bot.shown()] == ["image"]


CLOSED = ["is_archived", "is_inactive", "not_in_channel", "channel_not_found", "restricted_action"]


@pytest.mark.parametrize("code", CLOSED)
async def test_a_channel_that_is_closed_sends_the_picture_to_its_asker_once(slack: FakeSlack, code: str) -> None:
    view = finished()
    adapter, place = await shown(slack, view)
    addresses = []
    for courier in (adapter.courier, SlackAdapter(config(slack), Workshop().studio()).courier):
        # The second process does not know of the first one's message.
        refusing(slack, "chat.update", code)
        moved = await courier.show(place, view)
        assert moved is not None
        addresses.append(moved.address["ts"])
    direct = slack.bot_messages(slack.workspace.direct_channel(slack.alice).id)
    assert [one.ts for one in direct] * 2 == addresses
    assert "I could not post where you asked for this picture, so here it is." in text_of(direct[0])


async def test_a_bot_that_was_removed_after_its_message_was_deleted_writes_directly(bot: Bot, slack: FakeSlack) -> None:
    generation, message = await asked(bot)
    message.deleted = True
    slack.workspace.channels[slack.channel].members.discard(slack.bot_user)
    await bot.workshop.finish(generation.id, [drawn()])
    await delivered(bot, generation)
    [sent] = bot.shown()
    assert sent.channel == slack.workspace.direct_channel(slack.alice).id


@pytest.mark.parametrize(
    ("method", "code"), [("conversations.open", "user_disabled"), ("chat.postMessage", "cannot_dm_bot")]
)
async def test_an_asker_who_cannot_be_written_to_leaves_it_undeliverable(
    slack: FakeSlack, method: str, code: str
) -> None:
    view = finished()
    adapter, place = await shown(slack, view)
    refusing(slack, "chat.update", "is_archived")
    refusing(slack, method, code)
    with pytest.raises(Undeliverable):
        await adapter.courier.show(place, view)


async def test_a_picture_that_a_direct_conversation_does_not_take_is_not_sent_there_twice(slack: FakeSlack) -> None:
    adapter = SlackAdapter(config(slack), Workshop().studio())
    direct = slack.workspace.direct_channel(slack.alice).id
    slack.workspace.messages_tab = False
    with pytest.raises(Undeliverable):
        await adapter.courier.show(ReplyTo("slack", {"channel": direct, "user": slack.alice}), finished())
    assert len(slack.calls("chat.postMessage")) == 1


async def test_an_asker_is_told_that_the_picture_comes_directly_and_it_does(bot: Bot, slack: FakeSlack) -> None:
    refusing(slack, "chat.postMessage", "restricted_action", 2)
    await slack.slash(slack.alice, "/imagine", "a fox", channel=slack.channel)
    said = await slack.wait_for(lambda: [one for one in slack.bot_messages() if one.ephemeral_to])
    assert "comes to you in a direct message" in text_of(said[0])
    generation = await bot.asked()
    await bot.workshop.finish(generation.id, [drawn()])
    await delivered(bot, generation)
    sent: list[Message] = bot.shown(slack.workspace.direct_channel(slack.alice).id)
    assert [kinds(one)[1] for one in sent] == ["image"]
