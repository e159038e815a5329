"""Asking in Slack: commands, mentions, direct messages, the form and the shortcut."""

from __future__ import annotations

from tests.bot.slack.bot import Bot, kinds, text_of, whispers
from tests.fakes.slack import FakeSlack


async def test_a_command_is_acknowledged_and_its_placeholder_appears_at_once(bot: Bot, slack: FakeSlack) -> None:
    delivery = await slack.slash(slack.alice, "/imagine", "a fox & a <hen> --count 2", channel=slack.channel)
    message = await bot.placeholder(slack.channel)
    generation = await bot.asked()
    assert delivery.ack_seconds is not None
    assert delivery.ack_seconds < 1
    assert (generation.prompt, generation.options.count) == ("a fox & a <hen>", 2)
    assert generation.requester.external_id == f"{slack.team_id}/{slack.alice}"
    assert "a fox & a <hen>" in text_of(message)
    assert message.text.endswith("a fox &amp; a &lt;hen&gt;")
    assert kinds(message) == ["section", "section", "actions"]


async def test_a_command_in_a_channel_without_the_bot_is_declined_before_anything_is_stored(
    bot: Bot, slack: FakeSlack
) -> None:
    private = slack.workspace.add_channel("secret", "private", bot=False)
    await slack.slash(slack.alice, "/imagine", "a fox", channel=private)
    said = await slack.wait_for(lambda: whispers(slack))
    assert "/invite" in text_of(said[0])
    assert said[0].ephemeral_to == slack.alice
    assert bot.workshop.requests == []


async def test_every_mistake_in_a_command_is_listed_and_can_be_edited(bot: Bot, slack: FakeSlack) -> None:
    await slack.slash(slack.alice, "/imagine", "a fox --count 99 --quality purple", channel=slack.channel)
    said = (await slack.wait_for(lambda: whispers(slack)))[0]
    assert text_of(said).count("•") == 2
    await slack.press(slack.alice, said, "limner:reword")
    form = await bot.form(slack.alice)
    assert form.content["blocks"][0]["element"]["initial_value"] == "a fox --count 99 --quality purple"
    assert bot.workshop.requests == []


async def test_a_command_without_words_opens_the_form_and_the_form_asks(bot: Bot, slack: FakeSlack) -> None:
    await slack.slash(slack.alice, "/imagine", "", channel=slack.channel)
    form = await bot.form(slack.alice)
    await slack.submit_view(slack.alice, form, {"prompt": "a fox", "count": "2", "quality": "high"})
    generation = await bot.asked()
    assert form.closed
    assert (generation.prompt, generation.options.count, generation.options.quality) == ("a fox", 2, "high")
    assert (await bot.placeholder()).channel == slack.channel


async def test_the_form_stays_open_and_shows_every_mistake(bot: Bot, slack: FakeSlack) -> None:
    await slack.slash(slack.alice, "/imagine", "", channel=slack.channel)
    form = await bot.form(slack.alice)
    await slack.submit_view(slack.alice, form, {"prompt": "--count 99 --quality purple"})
    assert not form.closed
    assert form.errors["prompt"].count("\n") == 2
    await slack.submit_view(slack.alice, form, {"prompt": "a fox"})
    assert (await bot.asked()).prompt == "a fox"


async def test_a_mention_is_answered_in_its_thread(bot: Bot, slack: FakeSlack) -> None:
    delivery = await slack.mention(slack.alice, slack.channel, "a fox --ar 16:9")
    message = await bot.placeholder()
    assert delivery.message is not None
    assert message.thread_ts == delivery.message.ts
    assert (await bot.asked()).prompt == "a fox"


async def test_a_mention_inside_a_thread_stays_in_that_thread(bot: Bot, slack: FakeSlack) -> None:
    root = slack.say(slack.bob, slack.channel, "what about a picture?")
    await slack.mention(slack.alice, slack.channel, "a fox", thread_ts=root.ts)
    assert (await bot.placeholder()).thread_ts == root.ts


async def test_a_mention_alone_gets_a_short_help_once(bot: Bot, slack: FakeSlack) -> None:
    await slack.mention(slack.alice, slack.channel, "", copies=11)
    said = await slack.wait_for(lambda: slack.bot_messages(slack.channel))
    await slack.mention(slack.alice, slack.channel, "a fox")
    await bot.placeholder()
    assert "/imagine" in text_of(said[0])
    assert len([one for one in slack.bot_messages(slack.channel) if "/imagine" in text_of(one)]) == 1


async def test_eleven_copies_of_one_mention_make_one_request_and_one_placeholder(bot: Bot, slack: FakeSlack) -> None:
    delivery = await slack.mention(slack.alice, slack.channel, "a fox", copies=11)
    assert delivery.message is not None
    await slack.tell_of(delivery.message, "message")
    await bot.placeholder()
    await slack.mention(slack.alice, slack.channel, "a hen")
    await bot.asked(2)
    await slack.wait_for(lambda: len(bot.shown()) == 2)
    assert [one.prompt for one in bot.workshop.requests] == ["a fox", "a hen"]
    assert len(slack.calls("chat.postMessage")) == 2


async def test_a_direct_message_is_a_prompt_and_its_mention_in_it_no_second_one(bot: Bot, slack: FakeSlack) -> None:
    delivery = await slack.message_im(slack.alice, f"<@{slack.bot_user}> a fox", copies=3)
    assert delivery.message is not None
    await slack.tell_of(delivery.message, "app_mention")
    message = await bot.placeholder()
    assert (message.channel, message.thread_ts) == (delivery.message.channel, None)
    assert [one.prompt for one in bot.workshop.requests] == ["a fox"]


async def test_what_bots_say_and_what_is_edited_is_no_prompt(bot: Bot, slack: FakeSlack) -> None:
    await slack.message_im(slack.alice, "a fox")
    message = await bot.placeholder()
    await slack.message_changed(message)
    await slack.tell_of(message, "message")
    await slack.message_im(slack.alice, "a hen")
    await bot.asked(2)
    assert [one.prompt for one in bot.workshop.requests] == ["a fox", "a hen"]


async def test_the_shortcut_opens_the_form_with_the_words_of_the_message(bot: Bot, slack: FakeSlack) -> None:
    message = slack.say(slack.bob, slack.channel, f"<@{slack.alice}> look: <https://example.com|a fox> & hen")
    await slack.shortcut(slack.alice, "imagine_this", message)
    form = await bot.form(slack.alice)
    assert form.content["blocks"][0]["element"]["initial_value"] == "look: a fox & hen"
    await slack.submit_view(slack.alice, form, {})
    assert (await bot.placeholder()).thread_ts == message.ts


async def test_the_shortcut_where_the_bot_is_not_says_so(bot: Bot, slack: FakeSlack) -> None:
    away = slack.workspace.add_channel("away", bot=False)
    await slack.shortcut(slack.alice, "imagine_this", slack.say(slack.bob, away, "a fox"))
    said = await slack.wait_for(lambda: whispers(slack))
    assert "/invite" in text_of(said[0])
    assert slack.open_view(slack.alice) is None
