"""A walk through every screen of limits, money and queue in Slack."""

from __future__ import annotations

import json
from dataclasses import dataclass

from docs.limits_book import Book
from docs.limits_stage import AS_SLOW_AS_A_PROVIDER, Stage
from docs.rendering import on_slack as rendered
from tests.fakes.slack import FakeSlack, Message
from tests.journeys.house_rules import IN_TIER, lay_down
from tests.journeys.on_slack import PATIENCE, ask, finished, has, placeholder, whispered
from tests.journeys.provider import reached

DEAR = "--quality high --count 4"
TIERS: dict[str, dict[str, object]] = {
    "mia": {"per_hour": 1},
    "leo": {"per_day": 1},
    "ida": {"per_month": 1},
    "max": {"spend_month_micro": 25_000},
    "una": {"pool_day_micro": 25_000},
    "kim": {"max_running": 1, "max_waiting": 1},
    "tim": {"spend_month_micro": 25_000},
    **{name: {} for name in ("eve", "roy", "fay", "abe", "pia", "sol", "lou", "shy")},
}
"""Each is the only one of a user group of their name, which puts them into a tier of their own (`mias`)."""

REFUSED = {"hour": "mia", "day": "leo", "month": "ida", "money": "max", "pool": "una"}


@dataclass(frozen=True, slots=True)
class Walk:
    """Each method brings about some screens and puts them into the book."""

    stage: Stage
    book: Book

    @property
    def fake(self) -> FakeSlack:
        return self.stage.slack

    def put(self, screen: str, message: Message, note: str = "", state: int = -1) -> None:
        self.book.put("Slack", screen, rendered(self.fake, message, note, state))

    async def told(self, name: str, command: str, text: str = "", channel: str = "") -> Message:
        """A private answer."""
        said = len(self.fake.bot_messages())
        await self.fake.slash(user(name), command, text, channel=channel or self.fake.channel)
        return await whispered(self.fake, "", after=said)

    async def admin(self, screen: str, text: str) -> None:
        self.put(screen, await self.told("carol", "/limner-admin", text))

    async def shows(self, message: Message, words: str) -> Message:
        await self.fake.wait_for(lambda: words in json.dumps(message.blocks, ensure_ascii=False), PATIENCE)
        return message

    async def draw(self, name: str, prompt: str) -> Message:
        return await finished(self.fake, await ask(self.fake, prompt, user=user(name)))

    async def tiers(self) -> None:
        for name, fields in TIERS.items():
            await lay_down(self.stage.archive, "tier", f"{name}s", weight=1.0, **fields)
            group = f"S0{name.upper()}"
            await self.stage.archive.rows(IN_TIER, f"slack:{self.fake.team_id}", f"role:{group}", f"{name}s")

    async def somebody_free(self) -> None:
        self.put("left", await self.draw("zoe", "a lighthouse at dusk"))
        self.put("cooldown", await self.told("zoe", "/imagine", "a lighthouse at dawn"))
        self.put("usage", await self.told("zoe", "/usage"))

    async def an_admin(self) -> None:
        await self.admin("admin_tier", "tier <!subteam^S0PATRONS|@patrons> premium")
        await self.told("carol", "/limner-admin", "limits set per_hour 5 <#C0ART|art>")
        await self.told("carol", "/limner-admin", "limits set pool_month $100")
        await self.told("carol", "/limner-admin", "limits set per_day 20")
        await self.admin("admin_limits", "limits")
        await self.admin("admin_limits", "limits set per_day none")
        await self.admin("admin_pause", "pause Back on Monday.")
        self.put("paused", await self.told("ben", "/imagine", "a heron"))
        await self.admin("admin_pause", "resume")
        await self.admin("admin_block", "block <@U0BEN|ben> Three warnings.")
        self.put("blocked", await self.told("ben", "/imagine", "a heron"))
        await self.told("carol", "/limner-admin", "unblock <@U0BEN|ben>")
        await self.admin("admin_block", "block <#C0ART|art>")
        self.put("channel", await self.told("ben", "/imagine", "a heron", "C0ART"))
        await self.admin("admin_block", "unblock <#C0ART|art>")
        await self.admin("admin_grant", "grant <@U0BEN|ben> 20 month")
        await self.admin("admin_spend", "spend")
        await self.admin("admin_spend", "spend by day")
        await self.stage.tidy()

    async def alerts(self) -> None:
        await lay_down(self.stage.archive, "workspace", f"slack:{self.fake.team_id}", pool_month_micro=25_000)
        await self.draw("tim", "a map of the old harbour in winter")
        direct = self.fake.workspace.direct_channel(user("tim")).id
        rooms = (direct, "C0ADMINS")
        await self.fake.wait_for(lambda: all(self.fake.bot_messages(room) for room in rooms), PATIENCE)
        self.put("alert_person", self.fake.bot_messages(direct)[0], "direct message")
        self.put("alert_admins", self.fake.bot_messages("C0ADMINS")[0], "#admins")
        await self.stage.tidy()

    async def used_up(self) -> None:
        for screen, name in REFUSED.items():
            await self.draw(name, f"a picture for {name}")
            self.put(screen, await self.told(name, "/imagine", f"one more for {name}"))
        hold = self.stage.hold()
        first = await ask(self.fake, "a first ferry", user=user("kim"))
        await reached(hold)
        second = await ask(self.fake, "a second ferry", user=user("kim"))
        self.put("waiting", await self.told("kim", "/imagine", "a third ferry"))
        hold.release()
        await finished(self.fake, first)
        await finished(self.fake, second)

    async def dear(self) -> None:
        question = await self.told("eve", "/imagine", f"a palace of ice {DEAR}")
        self.put("confirm", question)
        await self.fake.press(user("eve"), question, "limner:make")
        await self.fake.wait_for(lambda: not has(question, "make"), PATIENCE)
        self.put("confirm", question, "after Make it")
        made = await finished(self.fake, await placeholder(self.fake, "a palace of ice"))
        question = await self.told("eve", "/imagine", f"a palace of sand {DEAR}")
        await self.fake.press(user("eve"), question, "limner:leave")
        await self.fake.wait_for(lambda: not has(question, "leave"), PATIENCE)
        self.put("confirm", question, "after No, thanks")
        self.put("confirm", made, "the picture after Make it")

    async def the_queue(self) -> None:
        await self.stage.archive.rows(AS_SLOW_AS_A_PROVIDER)
        hold = self.stage.hold()
        first = await ask(self.fake, "a running hare", user=user("roy"))
        await reached(hold)
        second = await ask(self.fake, "a sitting hare", user=user("fay"))
        third = await ask(self.fake, "a sleeping hare", user=user("abe"))
        last = await self.shows(await ask(self.fake, "a snail", user=user("pia")), "in line")
        for name, message, place in (("fay", second, "2nd in line"), ("abe", third, "ext in line")):
            self.put("moving", last)
            await self.fake.press(user(name), message, "limner:cancel")
            await self.shows(last, place)
        self.put("moving", last)
        await self.fake.wait_for(lambda: has(third, "retry"), PATIENCE)
        self.put("cancel_waiting", third)
        await ask(self.fake, "a second snail", user=user("pia"))
        self.put("queue", await self.told("pia", "/queue"))
        choice = await self.told("pia", "/cancel")
        self.put("cancel", choice, "several")
        await self.fake.press(user("pia"), choice, "limner:dropall")
        await self.fake.wait_for(lambda: has(last, "retry"), PATIENCE)
        self.put("cancel", await self.told("roy", "/cancel"), "one")
        await self.fake.wait_for(lambda: has(first, "retry"), PATIENCE)
        self.put("cancel", await self.told("pia", "/cancel"), "none")
        hold.release()

    async def while_drawn(self) -> None:
        hold = self.stage.hold()
        message = await ask(self.fake, "a slow river", user=user("sol"))
        await reached(hold)
        await self.shows(message, "Drawing")
        self.put("cancel_running", message)
        await self.fake.press(user("sol"), message, "limner:cancel")
        await self.fake.wait_for(lambda: has(message, "retry"), PATIENCE)
        self.put("cancel_running", message, "a moment later")
        hold.release()

    async def out_of_reach(self) -> None:
        self.put("new_message", await self.closed("a lost kite", "lou", delete=True))
        self.put("direct", await self.closed("a lost hat", "lou", delete=False), "direct message")
        self.fake.workspace.messages_tab = False
        room, hold = self.fake.workspace.add_channel("cellar"), self.stage.hold()
        await self.fake.slash(user("shy"), "/imagine", "a lost glove", channel=room)
        await placeholder(self.fake, "a lost glove")
        await reached(hold)
        self.fake.workspace.channels[room].archived = True
        hold.release()
        listed = await self.told("shy", "/queue")
        while not has(listed, "resend"):
            listed = await self.told("shy", "/queue")
        self.put("resend", listed)
        await self.fake.press(user("shy"), listed, "limner:resend")
        again = await self.fake.wait_for(lambda: self.pictured("a lost glove", self.fake.channel), PATIENCE)
        self.put("resend", again[0], "after Resend")
        self.fake.workspace.messages_tab = True

    async def closed(self, prompt: str, name: str, *, delete: bool) -> Message:
        """Where the picture came in the end."""
        room, hold = self.fake.workspace.add_channel(prompt.replace(" ", "-")), self.stage.hold()
        await self.fake.slash(user(name), "/imagine", prompt, channel=room)
        message = await placeholder(self.fake, prompt)
        await reached(hold)
        message.deleted = delete
        self.fake.workspace.channels[room].archived = not delete
        hold.release()
        there = room if delete else self.fake.workspace.direct_channel(user(name)).id
        return (await self.fake.wait_for(lambda: self.pictured(prompt, there), PATIENCE))[0]

    def pictured(self, prompt: str, channel: str) -> list[Message]:
        found = [one for one in self.fake.bot_messages(channel) if has(one, "again")]
        return [one for one in found if prompt in json.dumps(one.blocks)]


def user(name: str) -> str:
    return f"U0{name.upper()}"


def people(fake: FakeSlack) -> None:
    """Everybody of this walk; before the bot starts, for it keeps the members of groups for minutes."""
    for name in (*TIERS, "zoe", "ben", "gus"):
        fake.workspace.add_user(name)
    fake.workspace.add_user("carol", admin=True)
    for name in TIERS:
        fake.workspace.add_group(name, [user(name)])
    fake.workspace.add_group("patrons")
    fake.workspace.channels[fake.channel].members |= set(fake.workspace.users)
    fake.workspace.add_channel("art")


async def walk(stage: Stage, book: Book) -> None:
    one = Walk(stage, book)
    await one.tiers()
    await one.alerts()
    await one.somebody_free()
    await one.an_admin()
    await one.tiers()
    await one.used_up()
    await one.dear()
    await one.the_queue()
    await one.while_drawn()
    await one.out_of_reach()
    await stage.tidy()


async def switched_off(stage: Stage, book: Book) -> None:
    one = Walk(stage, book)
    one.put("off", await one.told("gus", "/imagine", "a heron"))
