"""/limner-admin: what it lays down, whom it reaches, and that nobody else can use it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from bot.discord import amounts
from core.errors import BadRequest
from core.generation import Requester
from core.limits import Tally
from core.periods import Span
from core.policies import Policy, Scope
from core.ports import LostCall, Spend
from tests.bot.discord.conftest import Start
from tests.fakes.discord import ClientRefused, FakeDiscord, User
from tests.fakes.workshop import Workshop


async def _admin(
    fake: FakeDiscord, command: str, values: Mapping[str, Any] | None = None, user: User | None = None
) -> str:
    """What the admin, and nobody else, is answered."""
    message = await (await fake.slash(user or fake.ada, f"limner-admin {command}", values)).response()
    assert message.ephemeral
    return message.now.text


def _policy(workshop: Workshop, scope: Scope, subject: str) -> Policy | None:
    return workshop.policies.rows.get((scope, subject))


@pytest.fixture
def server(fake: FakeDiscord) -> str:
    return f"discord:{fake.guild.id}"


async def test_it_is_offered_in_servers_alone_and_to_those_who_may_manage_them(fake: FakeDiscord, start: Start) -> None:
    await start()
    command = fake.commands()["limner-admin"]
    assert command["default_member_permissions"] == str(1 << 5)
    assert (command["contexts"], command["integration_types"]) == ([0], [0])
    bob = fake.add_user("bob", fake.guild)
    with pytest.raises(ClientRefused):
        await fake.slash(bob, "limner-admin limits show")
    await fake.add_role(fake.guild, "stewards", bob, allows=["manage_guild"])
    assert "Nothing is laid down" in await _admin(fake, "limits show", user=bob)


async def test_where_a_server_offers_it_to_others_they_are_refused_all_the_same(
    fake: FakeDiscord, workshop: Workshop, start: Start, server: str
) -> None:
    await start()
    bob = fake.add_user("bob", fake.guild)
    fake.guild.let_use_commands.add(bob.id)
    for command, values in (
        ("limits show", {}),
        ("limits set", {"limit": "per_day", "value": "5"}),
        ("tier", {"tier": "premium", "member": bob}),
        ("pause", {}),
        ("resume", {}),
        ("block", {"everywhere": True}),
        ("unblock", {"everywhere": True}),
        ("allow", {"channel": fake.here}),
        ("grant", {"member": bob, "pictures": 5}),
        ("spend", {}),
    ):
        assert "Manage Server" in await _admin(fake, command, values, bob)
    assert await workshop.policies.policies(server) == []
    assert (workshop.policies.tiers, workshop.policies.granted) == ({}, [])
    offered = await fake.autocomplete(bob, "limner-admin tier", "tier", "")
    assert await offered.choices() == []


async def test_limits_are_set_for_the_server_and_for_a_channel_shown_and_taken_back(
    fake: FakeDiscord, workshop: Workshop, start: Start, server: str
) -> None:
    await start()
    assert "Pictures a day: 20" in await _admin(fake, "limits set", {"limit": "per_day", "value": "20"})
    said = await _admin(fake, "limits set", {"limit": "pool_month_micro", "value": "$12.50"})
    assert "$12.50" in said.replace("\\", "")
    await _admin(fake, "limits set", {"limit": "cooldown_seconds", "value": "60", "channel": fake.here})
    there = _policy(workshop, Scope.WORKSPACE, server)
    assert there is not None
    assert (there.per_day, there.pool_month_micro) == (20, 12_500_000)
    shown = await _admin(fake, "limits show")
    assert "can only be tighter than those of people's tiers" in shown
    assert f"<#{fake.here.id}>: Seconds between two requests: 60" in shown.replace("\\", "")
    assert "nothing is laid down" in await _admin(
        fake, "limits set", {"limit": "cooldown_seconds", "value": "none", "channel": fake.here}
    )


async def test_a_thread_can_have_limits_of_its_own(
    fake: FakeDiscord, workshop: Workshop, start: Start, server: str
) -> None:
    await start()
    thread = await fake.add_thread(fake.here, "sketches")
    await _admin(fake, "limits set", {"limit": "per_hour", "value": "1", "channel": thread})
    assert _policy(workshop, Scope.CHANNEL, f"{server}/{thread.id}") is not None


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"limit": "per_day", "value": "many"}, "takes a whole number"),
        ({"limit": "spend_day_micro", "value": "-3"}, "takes US dollars"),
        ({"limit": "pool_day_micro", "value": "3", "channel": None}, "shared budget is set for a workspace"),
    ],
)
async def test_a_value_that_means_nothing_is_refused_with_what_would(
    values: dict[str, Any], says: str, fake: FakeDiscord, workshop: Workshop, start: Start, server: str
) -> None:
    await start()
    given = {name: fake.here if value is None else value for name, value in values.items()}
    assert says in await _admin(fake, "limits set", given)
    assert await workshop.policies.policies(server) == []


@pytest.mark.parametrize(
    ("name", "typed", "value"),
    [
        ("per_day", "0", 0),
        ("per_day", " none ", None),
        ("spend_day_micro", "$5", 5_000_000),
        ("spend_day_micro", "0.000001", 1),
        ("pool_month_micro", "off", None),
    ],
)
def test_a_limit_is_read_as_it_is_typed(name: str, typed: str, value: int | None) -> None:
    assert amounts.read(name, typed) == value


@pytest.mark.parametrize("typed", ["", "NaN", "1e9", "٣", "-1", "5.", "$", "1,000", "0.0000001", "9" * 19])
def test_what_is_no_amount_is_refused(typed: str) -> None:
    for name in ("per_day", "spend_day_micro"):
        with pytest.raises(BadRequest):
            amounts.read(name, typed)


async def test_members_and_roles_are_put_into_tiers_and_taken_out(
    fake: FakeDiscord, workshop: Workshop, start: Start, server: str
) -> None:
    await start()
    bob = fake.add_user("bob", fake.guild)
    patrons = await fake.add_role(fake.guild, "patrons", bob)
    await _admin(fake, "tier", {"tier": "premium", "role": patrons})
    await _admin(fake, "tier", {"tier": "free", "member": bob})
    bobs = await workshop.store.accounts.user_id(Requester("discord", str(bob.id), "Bob"))
    assert workshop.policies.tiers == {(server, f"role:{patrons.id}"): "premium", (server, f"user:{bobs}"): "free"}
    shown = await _admin(fake, "limits show")
    assert f"<@&{patrons.id}>: tier **premium**" in shown
    assert f"<@{bob.id}>: tier **free**" in shown
    assert "in no tier now" in await _admin(fake, "tier", {"tier": "none", "member": bob})
    assert list(workshop.policies.tiers.values()) == ["premium"]


@pytest.mark.parametrize(
    ("tier", "says"), [("unlimited", "Only the operator may put"), ("golden", "There is no tier called")]
)
async def test_a_tier_that_is_not_theirs_to_give_is_refused(
    tier: str, says: str, fake: FakeDiscord, workshop: Workshop, start: Start
) -> None:
    await start()
    assert says in await _admin(fake, "tier", {"tier": tier, "member": fake.ada})
    assert "one of them" in await _admin(fake, "tier", {"tier": "free"})
    assert workshop.policies.tiers == {}


async def test_tiers_that_may_be_given_are_suggested(fake: FakeDiscord, start: Start) -> None:
    await start()
    for typed, names in (("", ["free", "premium", "none"]), ("PRE", ["premium"])):
        offered = await fake.autocomplete(fake.ada, "limner-admin tier", "tier", typed)
        assert [one["value"] for one in await offered.choices()] == names


async def test_a_pause_carries_its_reason_until_it_is_over(
    fake: FakeDiscord, workshop: Workshop, start: Start, server: str
) -> None:
    await start()
    assert "what was accepted goes on" in await _admin(fake, "pause", {"reason": "Tidying up"})
    paused = _policy(workshop, Scope.WORKSPACE, server)
    assert paused is not None
    assert (paused.paused, paused.reason) == (True, "Tidying up")
    await _admin(fake, "resume")
    resumed = _policy(workshop, Scope.WORKSPACE, server)
    assert resumed is not None
    assert not resumed.paused


async def test_members_channels_and_everything_are_blocked_and_unblocked(
    fake: FakeDiscord, workshop: Workshop, start: Start, server: str
) -> None:
    await start()
    bob = fake.add_user("bob", fake.guild)
    said = await _admin(fake, "block", {"member": bob, "reason": "*spam*"})
    assert f"<@{bob.id}>: blocked (\\*spam\\*)" in said
    await _admin(fake, "block", {"channel": fake.here})
    await _admin(fake, "block", {"everywhere": True})
    assert [one.allowed for one in await workshop.policies.policies(server)] == [False, False, False]
    await _admin(fake, "allow", {"channel": fake.here})
    here = _policy(workshop, Scope.CHANNEL, f"{server}/{fake.here.id}")
    assert here is not None
    assert here.allowed is True
    for values in ({"member": bob}, {"channel": fake.here}, {"everywhere": True}):
        await _admin(fake, "unblock", values)
    assert [one.allowed for one in await workshop.policies.policies(server)] == [None, None, None]
    assert "one of them" in await _admin(fake, "block")
    assert "one of them" in await _admin(fake, "block", {"member": bob, "everywhere": True})


async def test_pictures_are_granted_to_a_member(fake: FakeDiscord, workshop: Workshop, start: Start) -> None:
    await start()
    bob = fake.add_user("bob", fake.guild)
    assert "may make 25 more this month" in await _admin(
        fake, "grant", {"member": bob, "pictures": 25, "period": "month"}
    )
    [(_, span, pictures)] = workshop.policies.granted
    assert (span, pictures) == (Span.MONTH, 25)


async def test_spending_is_a_line_for_each_with_budgets_as_bars_and_lost_calls(
    fake: FakeDiscord, workshop: Workshop, start: Start, server: str
) -> None:
    await start()
    workshop.policies.rows[Scope.WORKSPACE, server] = Policy(
        scope=Scope.WORKSPACE, subject=server, pool_month_micro=10_000_000
    )
    workshop.ledger.used = [Tally(scope=Scope.WORKSPACE, subject=server, span=Span.MONTH, spent_micro=2_500_000)]
    workshop.ledger.lines = [
        Spend(subject="u", name="*Ada*", pictures=12, reserved_micro=13_000, spent_micro=2_500_000, lost_micro=40_000)
    ] + [
        Spend(subject=f"u{n}", name="x" * 80, pictures=1, reserved_micro=1, spent_micro=1, lost_micro=1)
        for n in range(100)
    ]
    workshop.ledger.calls = [
        LostCall(
            generation_id=uuid4(), attempt=1, user_name="Bob", lost_micro=40_000, at=datetime(2026, 11, 20, tzinfo=UTC)
        )
    ] * 20
    for by in ("user", "day", "tier"):
        text = (await _admin(fake, "spend", {"by": by})).replace("\\*", "*").replace("\\", "")
        assert "**These 101 together**: 112 pictures, $2.50 spent" in text
        assert "***Ada***: 12 pictures, $2.50 spent, $0.013 reserved, $0.040 lost" in text
        assert "█████░░░░░░░░░░░░░░░` $2.50 of $10.00, resets <t:" in text
        assert "Calls whose answer never came" in text
