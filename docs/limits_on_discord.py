"""A walk through every screen of limits, money and queue on Discord."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from docs.limits_book import Book
from docs.limits_stage import AS_SLOW_AS_A_PROVIDER, Stage
from docs.rendering import on_discord as rendered
from tests.eventually import until
from tests.fakes.discord import Channel, FakeDiscord, Message, User
from tests.journeys.house_rules import lay_down, member
from tests.journeys.on_discord import PATIENCE, ask, button, finished, has
from tests.journeys.provider import reached

DEAR = {"quality": "high", "count": 4}
REFUSED: Mapping[str, tuple[str, dict[str, int]]] = {
    "hour": ("mia", {"per_hour": 1}),
    "day": ("leo", {"per_day": 1}),
    "month": ("ida", {"per_month": 1}),
    "money": ("max", {"spend_month_micro": 25_000}),
    "pool": ("una", {"pool_day_micro": 25_000}),
}
ONLY = "SELECT d.state FROM deliveries d JOIN generations g ON g.id = d.generation_id WHERE g.prompt = $1"


@dataclass(frozen=True, slots=True)
class Walk:
    """Each method brings about some screens and puts them into the book."""

    stage: Stage
    book: Book

    @property
    def fake(self) -> FakeDiscord:
        return self.stage.discord

    def put(self, screen: str, message: Message, note: str = "") -> None:
        self.book.put("Discord", screen, rendered(self.fake, message, note))

    async def told(self, user: User, command: str, values: Mapping[str, Any] | None = None) -> Message:
        """A private answer."""
        message = await (await self.fake.slash(user, command, values)).response(PATIENCE)
        assert message.ephemeral
        return message

    async def admin(self, screen: str, command: str, values: Mapping[str, Any] | None = None) -> None:
        self.put(screen, await self.told(self.fake.ada, f"limner-admin {command}", values))

    async def waiting(self, prompt: str, user: User, place: Channel | None = None) -> Message:
        asked = await self.fake.slash(user, "imagine", {"prompt": prompt}, channel=place)
        return await (await asked.response(PATIENCE)).until(lambda now: has(now, "cancel"), PATIENCE)

    async def refused(self, screen: str, prompt: str, user: User, place: Channel | None = None) -> None:
        """What somebody reads, alone, instead of a picture."""
        asked = await self.fake.slash(user, "imagine", {"prompt": prompt}, channel=place)
        said = await asked.followup(timeout=PATIENCE)
        assert said.ephemeral
        self.put(screen, said)

    async def somebody_free(self) -> None:
        zoe = self.fake.add_user("zoe", self.fake.guild)
        self.put("left", await finished(await ask(self.fake, "a lighthouse at dusk", user=zoe)))
        await self.refused("cooldown", "a lighthouse at dawn", zoe)
        self.put("usage", await self.told(zoe, "usage"))

    async def alerts(self) -> None:
        here = f"discord:{self.fake.guild.id}"
        await lay_down(self.stage.archive, "workspace", here, pool_month_micro=25_000)
        tim = await member(self.fake, self.stage.archive, "tim", spend_month_micro=25_000)
        await finished(await ask(self.fake, "a map of the old harbour in winter", user=tim))
        direct, room = self.fake.dm(tim), self.stage.admins
        # Every budget of this bot is told of here, those of Slack's workspaces too.
        ours = await self.fake.wait_for(
            lambda: [one for one in self.fake.visible(room) if str(self.fake.guild.id) in one.now.text], PATIENCE
        )
        await self.fake.wait_for(lambda: self.fake.visible(direct), PATIENCE)
        self.put("alert_person", self.fake.visible(direct)[0], "direct message")
        self.put("alert_admins", ours[0], "#admins")
        await self.stage.tidy()

    async def an_admin(self) -> None:
        fake, ben = self.fake, self.fake.add_user("ben", self.fake.guild)
        art = await fake.add_channel(fake.guild, "art")
        patrons = await fake.add_role(fake.guild, "Patrons")
        await self.admin("admin_tier", "tier", {"tier": "premium", "role": patrons})
        await self.told(fake.ada, "limner-admin limits set", {"limit": "per_hour", "value": "5", "channel": art})
        await self.told(fake.ada, "limner-admin limits set", {"limit": "pool_month_micro", "value": "$100"})
        await self.told(fake.ada, "limner-admin limits set", {"limit": "per_day", "value": "20"})
        await self.admin("admin_limits", "limits show")
        await self.admin("admin_limits", "limits set", {"limit": "per_day", "value": "none"})
        await self.admin("admin_pause", "pause", {"reason": "Back on Monday."})
        await self.refused("paused", "a heron", ben)
        await self.admin("admin_pause", "resume")
        await self.admin("admin_block", "block", {"member": ben, "reason": "Three warnings."})
        await self.refused("blocked", "a heron", ben)
        await self.told(fake.ada, "limner-admin unblock", {"member": ben})
        await self.admin("admin_block", "block", {"channel": art})
        await self.refused("channel", "a heron", ben, art)
        await self.admin("admin_block", "unblock", {"channel": art})
        await self.admin("admin_grant", "grant", {"member": ben, "pictures": 20, "period": "month"})
        await self.admin("admin_spend", "spend")
        await self.admin("admin_spend", "spend", {"by": "day"})
        await self.stage.tidy()

    async def used_up(self) -> None:
        for screen, (name, limit) in REFUSED.items():
            somebody = await member(self.fake, self.stage.archive, name, **limit)
            await finished(await ask(self.fake, f"a picture for {name}", user=somebody))
            await self.refused(screen, f"one more for {name}", somebody)
        crowding = await member(self.fake, self.stage.archive, "kim", max_running=1, max_waiting=1)
        hold = self.stage.hold()
        first = await self.waiting("a first ferry", crowding)
        await reached(hold)
        second = await self.waiting("a second ferry", crowding)
        await self.refused("waiting", "a third ferry", crowding)
        hold.release()
        await finished(first)
        await finished(second)

    async def dear(self) -> None:
        eve = await member(self.fake, self.stage.archive, "eve")
        question = await ask(self.fake, "a palace of ice", DEAR, user=eve)
        self.put("confirm", question)
        await self.fake.press(eve, question, button(question, "make"))
        self.put("confirm", await finished(question), "after Make it")
        question = await ask(self.fake, "a palace of sand", DEAR, user=eve)
        await self.fake.press(eve, question, button(question, "decline"))
        self.put("confirm", await question.until(lambda now: not now.custom_ids, PATIENCE), "after No, thanks")

    async def the_queue(self) -> None:
        await self.stage.archive.rows(AS_SLOW_AS_A_PROVIDER)
        names = ("roy", "fay", "abe", "pia")
        roy, fay, abe, pia = [await member(self.fake, self.stage.archive, name) for name in names]
        hold = self.stage.hold()
        first = await self.waiting("a running hare", roy)
        await reached(hold)
        second, third = await self.waiting("a sitting hare", fay), await self.waiting("a sleeping hare", abe)
        last = await self.waiting("a snail", pia)
        for user, message, place in ((fay, second, "2nd in line"), (abe, third, "next in line")):
            self.put("moving", last)
            await self.fake.press(user, message, button(message, "cancel"))
            await last.until(partial(_says, place), PATIENCE)
        self.put("moving", last)
        self.put("cancel_waiting", await third.until(lambda now: not has(now, "cancel"), PATIENCE))
        await self.waiting("a second snail", pia)
        self.put("queue", await self.told(pia, "queue"))
        choice = await self.told(pia, "cancel")
        self.put("cancel", choice, "several")
        await self.fake.press(pia, choice, button(choice, "cancel_all"))
        await last.until(lambda now: has(now, "retry"), PATIENCE)
        one = await self.told(roy, "cancel")
        await first.until(lambda now: has(now, "retry"), PATIENCE)
        self.put("cancel", one, "one")
        self.put("cancel", await self.told(pia, "cancel"), "none")
        hold.release()

    async def while_drawn(self) -> None:
        sol, hold = await member(self.fake, self.stage.archive, "sol"), self.stage.hold()
        message = await self.waiting("a slow river", sol)
        await reached(hold)
        await message.until(lambda now: "Drawing" in now.now.text, PATIENCE)
        self.put("cancel_running", message)
        await self.fake.press(sol, message, button(message, "cancel"))
        await message.until(lambda now: has(now, "retry"), PATIENCE)
        self.put("cancel_running", message, "a moment later")
        hold.release()

    async def out_of_reach(self) -> None:
        lou = await member(self.fake, self.stage.archive, "lou")
        shy = await member(self.fake, self.stage.archive, "shy")
        shy.accepts_dms = False
        self.put("new_message", await self.closed("a lost kite", lou, "meadow", delete=True))
        room = await self.closed_for_good("a lost mitten", shy)
        listed = await self.told(shy, "queue")
        self.put("resend", listed)
        again = await (await self.fake.press(shy, listed, button(listed, "resend"))).response(PATIENCE)
        await again.until(lambda now: bool(now.files), PATIENCE)
        self.put("resend", again, "after Resend")
        assert not [one for one in self.fake.visible(room) if one.files]
        self.put("direct", await self.closed("a lost hat", lou, "attic", delete=False), "direct message")

    async def closed(self, prompt: str, user: User, name: str, *, delete: bool) -> Message:
        """Where the picture came in the end; the fake's clock is ahead after it was a direct message."""
        place = await self.fake.add_channel(self.fake.guild, name)
        hold = self.stage.hold()
        message = await self.waiting(prompt, user, place)
        await reached(hold)
        if delete:
            await self.fake.delete_message(message)
        else:
            self.fake.clock.advance(16 * 60)  # by its token the message could still be edited
            await self.fake.revoke(place, "view_channel")
        hold.release()
        there = place if delete else self.fake.dm(user)
        found = await self.fake.wait_for(
            lambda: [one for one in self.fake.visible(there) if one.files and has(one, "again")], PATIENCE
        )
        return found[0]

    async def closed_for_good(self, prompt: str, user: User) -> Channel:
        place = await self.fake.add_channel(self.fake.guild, "cellar")
        hold = self.stage.hold()
        message = await self.waiting(prompt, user, place)
        await reached(hold)
        await self.fake.delete_message(message)
        await self.fake.revoke(place, "send_messages")
        hold.release()

        async def given_up() -> bool:
            return [row["state"] for row in await self.stage.archive.rows(ONLY, prompt)] == ["undeliverable"]

        await until(given_up, PATIENCE)
        return place


def _says(words: str, message: Message) -> bool:
    return words in message.now.text.lower()


async def walk(stage: Stage, book: Book) -> None:
    one = Walk(stage, book)
    await one.alerts()
    await one.somebody_free()
    await one.an_admin()
    await one.used_up()
    await one.dear()
    await one.the_queue()
    await one.while_drawn()
    await one.out_of_reach()
    await stage.tidy()


async def switched_off(stage: Stage, book: Book) -> None:
    gus = stage.discord.add_user("gus", stage.discord.guild)
    await Walk(stage, book).refused("off", "a heron", gus)
