"""REST for whoever runs Limner, under an admin token."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from core.generation import Requester
from core.limits import Tally
from core.periods import Span
from core.policies import Policy, Scope
from core.ports import LostCall, Spend
from tests.bot.web.site import Answer, Site
from tests.bot.web.test_sessions import SAME, signed_in
from tests.fakes.workshop import Workshop

EVERY = [
    ("GET", "/admin/limits"),
    ("PUT", "/admin/limits/installation"),
    ("PUT", "/admin/limits/tier/free"),
    ("PUT", "/admin/access/user/web%2Feve"),
    ("POST", "/admin/pause"),
    ("DELETE", "/admin/pause"),
    ("GET", "/admin/tiers"),
    ("PUT", "/admin/tiers/user:web:eve"),
    ("POST", "/admin/grants"),
    ("GET", "/admin/spend"),
    ("GET", "/admin/ledger/lost"),
]


@pytest.fixture
async def admin(site: Site) -> Site:
    return site.signed_in_with(await site.studio.accounts.new_token("root", admin=True))


async def mistakes(answer: Answer) -> str:
    assert answer.status == 400, answer.text
    return "\n".join(answer.json()["error"]["mistakes"])


async def user_id(site: Site, platform: str, external_id: str) -> str:
    return str(await site.studio.accounts.user_id(Requester(platform, external_id, external_id)))


@pytest.mark.parametrize(("method", "path"), EVERY)
async def test_everybody_but_an_admins_token_is_turned_away_before_anything_is_read(
    site: Site, admin: Site, workshop: Workshop, method: str, path: str
) -> None:
    before = dict(workshop.policies.rows)
    hers = await site.rest(method, path, json={"nonsense": 1})
    assert (hers.status, hers.json()["error"]["code"]) == (403, "not_allowed")
    assert (await site.signed_in_with(None).rest(method, path)).status == 401
    # The page's session of somebody who has an admin token governs nothing either.
    session = await signed_in(admin) | SAME
    assert (await site.signed_in_with(None).rest(method, path, headers=session)).status == 403
    assert (workshop.policies.rows, workshop.policies.tiers) == (before, {})


async def test_limits_are_set_kept_and_taken_back(admin: Site, workshop: Workshop) -> None:
    first = await admin.rest("PUT", "/admin/limits/tier/free", json={"per_day": 7, "spend_month_micro": 2_000_000})
    assert (first.json()["limits"]["per_day"], first.json()["limits"]["per_hour"]) == (7, 10)
    await admin.rest("PUT", "/admin/limits/tier/free", json={"spend_month_micro": None})
    stored = workshop.policies.rows[Scope.TIER, "free"]
    assert (stored.per_day, stored.spend_month_micro, stored.cooldown_seconds) == (7, None, 30)
    everybody = await admin.rest("PUT", "/admin/limits/installation", json={"pool_day_micro": 9_000_000})
    assert (everybody.json()["scope"], everybody.json()["subject"]) == ("installation", "")


@pytest.mark.parametrize(
    ("scope", "named", "kept"),
    [
        ("workspace", "discord:81", "discord:81"),
        ("channel", "discord:81%2F42", "discord:81/42"),
        ("channel", "slack:T1%2FC2", "slack:T1/C2"),
        ("tier", "gold", "gold"),
    ],
)
async def test_subjects_are_named_as_the_core_names_them(
    admin: Site, workshop: Workshop, scope: str, named: str, kept: str
) -> None:
    answer = await admin.rest("PUT", f"/admin/limits/{scope}/{named}", json={"per_day": 3})
    assert (answer.status, answer.json()["subject"]) == (200, kept)
    laid_down = workshop.policies.rows | workshop.policies.imposed
    assert laid_down[Scope(scope), kept].per_day == 3


async def test_people_are_named_by_platform_and_id_there_and_back(admin: Site, workshop: Workshop) -> None:
    answer = await admin.rest("PUT", "/admin/limits/user/slack%2FT1%2FU2", json={"per_day": 3})
    assert answer.json()["subject"] == "slack/T1/U2"
    assert workshop.policies.rows[Scope.USER, await user_id(admin, "slack", "T1/U2")].per_day == 3
    # A plain slash means the same.
    assert (await admin.ask("PUT", "/admin/limits/user/slack/T1/U2", json={"per_day": 4})).json()["limits"][
        "per_day"
    ] == 4
    listed = (await admin.rest("GET", "/admin/limits")).json()["policies"]
    assert ("user", "slack/T1/U2", 4) in [(one["scope"], one["subject"], one["limits"]["per_day"]) for one in listed]


async def test_shutting_out_and_letting_in(admin: Site, workshop: Workshop) -> None:
    out = await admin.rest("PUT", "/admin/access/user/web%2Feve", json={"allowed": False, "reason": "Spam."})
    assert (out.json()["allowed"], out.json()["reason"]) == (False, "Spam.")
    member = await admin.rest("PUT", "/admin/access/member/discord:81%7Cdiscord%2F9", json={"allowed": False})
    assert member.json()["subject"] == "discord:81|discord/9"
    key = Scope.MEMBER, f"discord:81|{await user_id(admin, 'discord', '9')}"
    assert workshop.policies.imposed[key].allowed is False
    back = await admin.rest("PUT", "/admin/access/user/web%2Feve", json={"allowed": None})
    assert back.json()["allowed"] is None


async def test_the_switch_stops_everybody_or_one_workspace_and_lets_go_again(admin: Site, workshop: Workshop) -> None:
    everywhere = await admin.rest("POST", "/admin/pause", json={"reason": "Back at noon."})
    assert (everywhere.json()["scope"], everywhere.json()["paused"]) == ("installation", True)
    here = await admin.rest("POST", "/admin/pause?workspace=slack:T1")
    assert (here.json()["subject"], here.json()["paused"], here.json()["reason"]) == ("slack:T1", True, "")
    await admin.rest("DELETE", "/admin/pause")
    assert workshop.policies.rows[Scope.INSTALLATION, ""].paused is False
    assert workshop.policies.rows[Scope.WORKSPACE, "slack:T1"].paused is True


async def test_people_and_roles_are_put_into_tiers(admin: Site, workshop: Workshop) -> None:
    person = await admin.rest("PUT", "/admin/tiers/user:slack:T1%2FU2", json={"tier": "premium"})
    assert person.json() == {"workspace": "", "subject": "user:slack:T1/U2", "tier": "premium"}
    role = await admin.rest("PUT", "/admin/tiers/role:7?workspace=discord:81", json={"tier": "premium"})
    assert role.json() == {"workspace": "discord:81", "subject": "role:7", "tier": "premium"}
    listed = (await admin.rest("GET", "/admin/tiers")).json()
    assert [one["subject"] for one in listed["assignments"]] == ["user:slack:T1/U2", "role:7"]
    assert {"free", "premium", "unlimited"} <= {one["subject"] for one in listed["tiers"]}
    await admin.rest("PUT", "/admin/tiers/role:7?workspace=discord:81", json={"tier": None})
    assert len(workshop.policies.tiers) == 1


async def test_pictures_on_top(admin: Site, workshop: Workshop) -> None:
    given = await admin.rest("POST", "/admin/grants", json={"user": "web/eve", "pictures": 5, "span": "month"})
    assert given.json() == {"user": "web/eve", "pictures": 5, "span": "month"}
    [(who, span, pictures)] = workshop.policies.granted
    assert (str(who), span, pictures) == (await user_id(admin, "web", "eve"), Span.MONTH, 5)


async def test_where_the_money_went(admin: Site, workshop: Workshop) -> None:
    eve = await user_id(admin, "web", "eve")
    line = Spend(subject=eve, name="Eve", pictures=2, reserved_micro=1, spent_micro=26_440, lost_micro=13_220)
    workshop.ledger.lines = [line]
    lost = LostCall(generation_id=uuid4(), attempt=1, user_name="Eve", lost_micro=13_220, at=datetime.now(UTC))
    workshop.ledger.calls = [lost]
    workshop.ledger.used = [Tally(scope=Scope.INSTALLATION, subject="", span=Span.DAY, spent_micro=500_000)]
    workshop.policies.rows[Scope.INSTALLATION, ""] = Policy(
        scope=Scope.INSTALLATION, subject="", pool_day_micro=1_000_000
    )
    report = (await admin.rest("GET", "/admin/spend?by=user&since=2026-11-01&until=2026-11-30")).json()
    assert [(one["subject"], one["name"], one["spent_micro_usd"]) for one in report["lines"]] == [
        ("web/eve", "Eve", 26_440)
    ]
    assert [(one["limit"], one["value"], one["percent"]) for one in report["pools"]] == [
        ("pool_day", "$0.50 of $1.00", 50)
    ]
    assert (report["since"], report["until"], report["difference_micro_usd"]) == ("2026-11-01", "2026-11-30", 0)
    calls = (await admin.rest("GET", "/admin/ledger/lost")).json()["lost"]
    assert calls == report["lost"]
    assert [(one["task_id"], one["lost_micro_usd"]) for one in calls] == [(str(lost.generation_id), 13_220)]
    one_workspace = (await admin.rest("GET", "/admin/spend?workspace=slack:T1")).json()
    assert one_workspace["difference_micro_usd"] is None


WRONG: list[tuple[str, str, Any, list[str]]] = [
    ("PUT", "/admin/limits/tier/free", {}, ["at least one limit"]),
    ("PUT", "/admin/limits/tier/free", {"per_day": "7", "colour": 1}, ["per_day must be", "colour"]),
    ("PUT", "/admin/limits/tier/free", {"per_day": -1}, ["per_day must be a whole number from 0"]),
    ("PUT", "/admin/limits/tier/free", {"per_day": 3_000_000_000}, ["to 1,000,000,000"]),
    ("PUT", "/admin/limits/galaxy/x", {"per_day": 1}, ["scope must be one of"]),
    ("PUT", "/admin/limits/member/x", {"per_day": 1}, ["scope must be one of"]),
    ("PUT", "/admin/limits/user/eve", {"per_day": 1}, ["Name a person as"]),
    ("PUT", "/admin/limits/user/web%2F%00", {"per_day": 1}, ["Name a person as"]),
    ("PUT", "/admin/limits/workspace/81", {"per_day": 1}, ["Name a workspace as"]),
    ("PUT", "/admin/limits/channel/discord:81", {"per_day": 1}, ["Name a channel as"]),
    ("PUT", "/admin/limits/channel/discord:81%2F4", {"pool_day_micro": 1}, ["shared budget"]),
    ("PUT", "/admin/limits/tier/not%20a%20name", {"per_day": 1}, ["tier's name"]),
    ("PUT", "/admin/access/user/web%2Feve", {}, ["allowed is missing"]),
    ("PUT", "/admin/access/user/web%2Feve", {"allowed": 1, "reason": "x\ny"}, ["allowed must be", "one line"]),
    ("PUT", "/admin/access/tier/free", {"allowed": True}, ["scope must be one of"]),
    ("POST", "/admin/pause", {"reason": "x" * 301}, ["at most 300"]),
    ("POST", "/admin/pause?workspace=T1", {}, ["workspace must read"]),
    ("POST", "/admin/pause?worksapce=slack:T1", {}, ["no parameter “worksapce”"]),
    ("PUT", "/admin/tiers/user:web:eve", {"tier": "gold"}, ["no tier called"]),
    ("PUT", "/admin/tiers/user:web:eve", {}, ["tier is missing"]),
    ("PUT", "/admin/tiers/role:7", {"tier": "free"}, ["A role is one of a workspace"]),
    ("PUT", "/admin/tiers/eve", {"tier": "free"}, ["user:PLATFORM:ID"]),
    ("POST", "/admin/grants", {"span": "year"}, ["user is missing", "pictures is missing", "span must be"]),
    ("POST", "/admin/grants", {"user": "web/eve", "pictures": 0}, ["between 1 and 10,000"]),
    ("GET", "/admin/spend?by=colour&since=yesterday", None, ["by must be", "since must be a day"]),
    ("GET", "/admin/spend?since=2026-11-02&until=2026-11-01", None, ["must not be after"]),
]


@pytest.mark.parametrize(("method", "path", "body", "said"), WRONG, ids=lambda value: str(value)[:40])
async def test_every_mistake_is_told_in_a_sentence_and_nothing_is_changed(
    admin: Site, workshop: Workshop, method: str, path: str, body: Any, said: list[str]
) -> None:
    before = dict(workshop.policies.rows)
    told = await mistakes(await admin.rest(method, path, **({} if body is None else {"json": body})))
    assert [part for part in said if part not in told] == []
    assert (workshop.policies.rows, workshop.policies.tiers, workshop.policies.granted) == (before, {}, [])


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PUT", "/admin/limits/tier/free?workspace=slack:T1", {"per_day": 1}),
        ("PUT", "/admin/limits/installation?workspace=slack:T1", {"per_day": 1}),
        ("PUT", "/admin/limits/workspace/slack:T2?workspace=slack:T1", {"per_day": 1}),
        ("PUT", "/admin/access/user/web%2Feve?workspace=slack:T1", {"allowed": False}),
    ],
)
async def test_with_a_workspace_nothing_outside_of_it_is_governed(
    admin: Site, workshop: Workshop, method: str, path: str, body: Any
) -> None:
    before = dict(workshop.policies.rows)
    assert (await admin.rest(method, path, json=body)).status == 404
    assert workshop.policies.rows == before
