"""Limits, money and queues in Slack, as somebody of the tier `free` and an admin of the workspace meet them."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.fakes.openai import FakeOpenAI
from tests.fakes.slack import FakeSlack, Message
from tests.journeys.archive import STANDING, Archive
from tests.journeys.house_rules import BOOKS
from tests.journeys.on_slack import PATIENCE, ask, finished, has, placeholder, whispered
from tests.journeys.provider import calls, reached
from tests.journeys.slack_people import UPGRADE, button_of, draw, open_house, shows, told, user, words

DEAR = "--quality high --count 4"

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.usefixtures("running")]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def running(base: dict[str, str], slack: FakeSlack, archive: Archive, logs: Path) -> AsyncIterator[None]:
    async with open_house(base, slack, archive, logs):
        yield


async def test_somebody_free_waits_thirty_seconds_and_is_told_how_many_are_left(
    slack: FakeSlack, openai: FakeOpenAI, archive: Archive
) -> None:
    message = await ask(slack, "a first cat", user=slack.alice)
    refused = await told(slack, "/imagine", "a hasty cat", by="alice")
    assert re.search(r"Please wait \d+ seconds?\.", words(refused))
    assert re.search(r"You can ask again at <!date\^\d+\^\{time_secs\}\|", words(refused))
    assert calls(openai, "a hasty cat") == []
    assert await archive.rows(STANDING, "a hasty cat") == []
    assert "9 of 10 left this hour" in words(await finished(slack, message))


REFUSED = {
    "hourly": ("--count 2", "You have 1 of 1 picture left this hour"),
    "daily": ("--count 2", "You have 1 of 1 picture left today"),
    "monthly": ("--count 2", "You have 1 of 1 picture left this month"),
    "frugal": ("", "of your under $0.001 left today"),
    "thrifty": ("", "of your under $0.001 left this month"),
    "sharing": ("", "The budget that you share with others today has no room"),
}


@pytest.mark.parametrize("by", REFUSED)
async def test_each_limit_refuses_with_its_figures_and_promises_nothing_to_what_never_fits(
    slack: FakeSlack, openai: FakeOpenAI, archive: Archive, by: str
) -> None:
    flags, expected = REFUSED[by]
    prompt = f"too much for {by}"
    refused = await told(slack, "/imagine", f"{prompt} {flags}", by=by)
    assert expected in words(refused)
    assert "It resets" not in words(refused), "it is more than the whole of the limit"
    assert "To get more" not in words(refused)
    assert (UPGRADE in words(refused)) == (by != "sharing"), "nobody can buy more of what is shared"
    assert calls(openai, prompt) == []
    assert await archive.rows(STANDING, prompt) == []


async def test_usage_is_shown_to_its_asker_and_a_group_gives_a_tier(slack: FakeSlack) -> None:
    await draw(slack, "a posh cat", by="posh")
    shown = words(await told(slack, "/usage", by="posh"))
    assert "Tier: premium" in shown
    assert "1 of 300" in shown
    assert re.search(r"Money this month\\n[█░]{20} \$0\.0\d+ of \$50\.00", shown)
    assert re.search(r"Resets <!date\^\d+\^", shown)
    assert "1 of 50" in words(await told(slack, "/usage", by="alice"))


async def test_the_queue_is_listed_moves_up_and_is_cancelled_out_of_the_list(
    slack: FakeSlack, openai: FakeOpenAI
) -> None:
    hold = openai.hold("answer")
    first = await ask(slack, "in the way", user=user("easy"))
    await reached(hold)
    second = await ask(slack, "before you", user=user("brisk"))
    third = await ask(slack, "after you", user=user("easy"))
    await shows(slack, third, "2nd in line", "about $0.0")
    listed = await told(slack, "/queue", by="easy")
    assert "Being drawn" in words(listed)
    assert re.search(r"after you\\n.+ in line.* · about \$0\.0", words(listed))
    assert "2 requests of everybody wait." in words(listed)
    assert "before you" not in words(listed)

    await slack.slash(user("brisk"), "/cancel", channel=slack.channel)
    await slack.wait_for(lambda: second.text == "Cancelled. Nothing was charged.", PATIENCE)
    await slack.wait_for(lambda: "ext in line" in words(third), PATIENCE)

    cancel = button_of(listed, "after you")
    await slack.press(user("easy"), listed, "limner:drop", cancel)
    await slack.wait_for(lambda: third.text == "Cancelled. Nothing was charged.", PATIENCE)
    await slack.wait_for(lambda: listed.text.startswith("Cancelled. Nothing was charged."), PATIENCE)
    hold.release()
    await finished(slack, first)
    assert calls(openai, "after you") == calls(openai, "before you") == []


async def test_who_has_enough_waiting_is_refused_and_cancel_makes_room(slack: FakeSlack, openai: FakeOpenAI) -> None:
    hold = openai.hold("answer")
    first = await ask(slack, "patience one", user=user("patient"))
    await reached(hold)
    second = await ask(slack, "patience two", user=user("patient"))
    refused = await told(slack, "/imagine", "patience three", by="patient")
    assert "You already have 1 request waiting, which is the most you may have." in words(refused)
    choice = await told(slack, "/cancel", by="patient")
    assert choice.text == "Which one shall be cancelled?"
    await slack.press(user("patient"), choice, "limner:drop", button_of(choice, "patience two"))
    await slack.wait_for(lambda: second.text == "Cancelled. Nothing was charged.", PATIENCE)
    hold.release()
    await finished(slack, first)
    assert (await told(slack, "/cancel", by="patient")).text == "You have nothing waiting or running."


async def test_a_dear_picture_is_asked_about_and_made_once(
    slack: FakeSlack, openai: FakeOpenAI, archive: Archive
) -> None:
    prompt = "a dear cat"
    await slack.mention(user("easy"), slack.channel, f"{prompt} {DEAR}")
    question = await slack.wait_for(lambda: _asking(slack), PATIENCE)
    assert question is not None
    assert re.search(r"This will cost about \$\d\.\d\d\.", words(question))
    assert prompt in words(question)
    said = len(slack.bot_messages())
    await slack.press(slack.bob, question, "limner:make")
    assert (await whispered(slack, "Only the person who asked", after=said)).ephemeral_to == slack.bob
    assert await archive.rows(STANDING, prompt) == []
    asked = question.states[-1]
    await slack.press(user("easy"), question, "limner:make")
    await finished(slack, question)
    # The second press comes late, from somebody who still saw the question.
    question.states.append(asked)
    await slack.press(user("easy"), question, "limner:make")
    await draw(slack, "after the dear cat", by="easy")

    assert len(await archive.rows(STANDING, prompt)) == 1
    assert len(calls(openai, prompt)) == 4
    [books] = await archive.rows(BOOKS, prompt)
    assert (books["requests"], books["reserved"], books["lost"]) == (1, 0, 0)
    assert books["spent"] > 0


async def test_a_dear_picture_that_is_not_wanted_costs_nothing(slack: FakeSlack, archive: Archive) -> None:
    question = await told(slack, "/imagine", f"an unwanted cat {DEAR}", by="easy")
    await slack.press(user("easy"), question, "limner:leave")
    await slack.wait_for(lambda: question.text == "All right, it is not made. Nothing was charged.", PATIENCE)
    assert await archive.rows(STANDING, "an unwanted cat") == []


async def test_only_admins_of_the_workspace_govern_it(slack: FakeSlack, archive: Archive) -> None:
    for text in ("", "limits", "pause", "block @bob", "spend"):
        assert "Only admins and owners" in words(await told(slack, "/limner-admin", text, by="bob"))
    assert await archive.rows("SELECT * FROM policies WHERE scope IN ('workspace', 'member')") == []


async def test_an_admin_pauses_and_resumes(slack: FakeSlack) -> None:
    await told(slack, "/limner-admin", "pause Back on Monday.", by="carol")
    assert "Back on Monday." in words(await told(slack, "/imagine", "a paused cat", by="easy"))
    await told(slack, "/limner-admin", "resume", by="carol")
    await draw(slack, "a resumed cat", by="easy")


async def test_an_admin_blocks_a_member_and_a_channel(slack: FakeSlack) -> None:
    await told(slack, "/limner-admin", "block @easy spam", by="carol")
    assert "You may not ask for pictures here. spam" in words(await told(slack, "/imagine", "a cat", by="easy"))
    await told(slack, "/limner-admin", "unblock @easy", by="carol")
    await told(slack, "/limner-admin", "block here", by="carol")
    assert "Try another channel" in words(await told(slack, "/imagine", "a cat", by="easy"))
    elsewhere = slack.workspace.add_channel("elsewhere")
    await slack.slash(user("easy"), "/imagine", "a cat elsewhere", channel=elsewhere)
    await finished(slack, await placeholder(slack, "a cat elsewhere"))
    await told(slack, "/limner-admin", "unblock here", by="carol")


async def test_an_admin_tightens_grants_and_sees_where_the_money_went(slack: FakeSlack) -> None:
    await draw(slack, "the only one today", by="daily")
    refused = words(await told(slack, "/imagine", "another", by="daily"))
    assert "You have used 1 of 1 picture today." in refused
    assert re.search(r"It resets <!date\^\d+\^", refused)
    await told(slack, "/limner-admin", "grant @daily 1", by="carol")
    await draw(slack, "a granted one", by="daily")
    await told(slack, "/limner-admin", "limits set per_month 1 here", by="carol")
    # What was granted counts here, too.
    assert "2 of 2 pictures this month" in words(await told(slack, "/imagine", "a third", by="daily"))
    shown = words(await told(slack, "/limner-admin", "limits", by="carol"))
    assert "Pictures a month: 1" in shown
    await told(slack, "/limner-admin", "limits set per_month none here", by="carol")
    await told(slack, "/limner-admin", "limits set pool_month $100", by="carol")
    spent = words(await told(slack, "/limner-admin", "spend by user", by="carol"))
    assert re.search(r"daily · 2 pictures · \$0\.\d+", spent)
    assert re.search(r"[█░]{20} \$\d\.\d\d of \$100\.00", spent)
    assert re.search(
        r"\d{4}-\d\d-\d\d · \d+ pictures", words(await told(slack, "/limner-admin", "spend by day", by="carol"))
    )


def _asking(slack: FakeSlack) -> Message | None:
    return next((one for one in slack.bot_messages(slack.channel) if has(one, "make") and not one.ephemeral_to), None)
