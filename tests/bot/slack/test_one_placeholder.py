"""One request, one placeholder: when it is deleted, its answer lost, its process dead, or two processes told of it."""

from __future__ import annotations

from core.generation import ReplyTo
from tests.bot.slack.bot import Bot, kinds, running
from tests.bot.slack.test_courier import delivered
from tests.fakes.pictures import drawn
from tests.fakes.slack import Drop, FakeSlack
from tests.fakes.workshop import Workshop


async def test_a_deleted_placeholder_comes_again_in_the_same_thread(bot: Bot, slack: FakeSlack) -> None:
    await slack.mention(slack.alice, slack.channel, "a fox")
    first = await bot.placeholder()
    generation = await bot.asked()
    first.deleted = True
    await bot.workshop.finish(generation.id, [drawn()])
    await delivered(bot, generation)
    [second] = bot.shown()
    assert second.thread_ts == first.thread_ts
    assert "image" in kinds(second)


async def test_a_lost_answer_to_the_first_post_leaves_one_placeholder(slack: FakeSlack) -> None:
    slack.script("chat.postMessage", Drop(after=True))
    async with running(slack) as bot:
        await slack.slash(slack.alice, "/imagine", "a fox", channel=slack.channel)
        await slack.wait_for(bot.shown)
        generation = await bot.asked()
        await bot.workshop.finish(generation.id, [drawn()])
        await delivered(bot, generation)
        assert len(slack.calls("chat.postMessage")) == 1
        assert "image" in kinds(bot.shown()[0])


async def test_a_process_that_dies_after_posting_leaves_its_placeholder_to_the_next(slack: FakeSlack) -> None:
    workshop = Workshop()
    async with running(slack, workshop) as first:
        await slack.mention(slack.alice, slack.channel, "a fox")
        await first.placeholder()
        generation = await first.asked()
    # It died before it stored where: the address is as it was when the request was accepted.
    address = {name: value for name, value in (generation.reply_to or ReplyTo("", {})).address.items() if name != "ts"}
    workshop.store.change(generation.id, reply_to=ReplyTo("slack", address))
    async with running(slack, workshop, instance="two") as second:
        await workshop.finish(generation.id, [drawn()])
        await delivered(second, generation)
        [message] = second.shown()
        assert "image" in kinds(message)
    assert len(slack.calls("chat.postMessage")) == 1


async def test_two_processes_told_of_the_same_mention_make_one_placeholder(slack: FakeSlack) -> None:
    workshop = Workshop()
    async with running(slack, workshop) as one, running(slack, workshop, instance="two"):
        await slack.mention(slack.alice, slack.channel, "a fox", copies=11)
        await slack.wait_for(one.shown)
        used = {attempt.connection for delivery in slack.deliveries for attempt in delivery.attempts}
        await slack.mention(slack.alice, slack.channel, "a hen")
        await slack.wait_for(lambda: len(one.shown()) == 2)
        assert len(used) == 2
        assert len(slack.calls("chat.postMessage")) == 2
