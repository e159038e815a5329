"""What the doctor says of Slack's tokens and scopes."""

from __future__ import annotations

from dataclasses import replace

from bot.slack import inspect
from bot.slack.scopes import SCOPES
from tests.bot.slack.bot import config
from tests.fakes.slack import Answer, FakeSlack


async def test_a_good_installation_has_no_fault(slack: FakeSlack) -> None:
    slack.tokens.scopes.update(SCOPES)
    assert [finding.ok for finding in await inspect(config(slack))] == [True, True, True]


async def test_each_missing_scope_is_named_with_how_to_add_it(slack: FakeSlack) -> None:
    slack.tokens.scopes -= {"im:write", "files:write"}
    faults = [finding for finding in await inspect(config(slack)) if not finding.ok]
    assert [finding.what.split()[2] for finding in faults] == ["files:write", "im:write"]
    assert "OAuth & Permissions" in faults[0].mend


async def test_wrong_tokens_are_told_apart(slack: FakeSlack) -> None:
    wrong = replace(config(slack), bot_token="xoxb-wrong", app_token="xapp-wrong")
    bot_token, app_token = await inspect(wrong)
    assert (bot_token.ok, app_token.ok) == (False, False)
    assert "SLACK_BOT_TOKEN" in bot_token.mend
    assert "connections:write" in app_token.mend
    assert "xoxb-wrong" not in repr((bot_token, app_token))


async def test_a_way_in_is_needed(slack: FakeSlack) -> None:
    last = (await inspect(replace(config(slack), app_token=None)))[-1]
    assert not last.ok
    assert "SLACK_SIGNING_SECRET" in last.mend


async def test_slack_being_away_is_not_blamed_on_the_token(slack: FakeSlack) -> None:
    slack.script("auth.test", Answer(503, "<html>away</html>"))
    assert "connection" in (await inspect(replace(config(slack), app_token=None)))[0].mend
