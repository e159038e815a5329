"""Discord: what comes in (commands, buttons, forms) and what goes out (the courier)."""

from bot.discord.adapter import DiscordAdapter, WrongToken
from bot.discord.config import DiscordConfig
from bot.discord.courier import DiscordCourier
from bot.discord.inspection import inspect

__all__ = ["DiscordAdapter", "DiscordConfig", "DiscordCourier", "WrongToken", "inspect"]
