"""Every button as one dynamic item: recognised by its custom id alone, whoever sent the message it sits on."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import discord

from bot.discord.page import CUSTOM_ID, Verb, custom_id
from bot.discord.replying import Interaction

Press = Callable[[Interaction, Verb, UUID], Awaitable[None]]
AnyButton = discord.ui.Button[discord.ui.View]


def dynamic_button(press: Press) -> type[discord.ui.DynamicItem[AnyButton]]:
    """The class to register; discord.py makes an instance for each press."""

    class Pressed(discord.ui.DynamicItem[AnyButton], template=CUSTOM_ID):
        def __init__(self, verb: Verb, of: UUID) -> None:
            super().__init__(discord.ui.Button(custom_id=custom_id(verb, of)))
            self.verb = verb
            self.of = of

        @classmethod
        async def from_custom_id(
            cls, interaction: Interaction, item: discord.ui.Item[Any], match: re.Match[str], /
        ) -> Pressed:
            return cls(Verb(match["verb"]), UUID(hex=match["id"]))

        async def callback(self, interaction: Interaction) -> None:
            await press(interaction, self.verb, self.of)

    return Pressed
