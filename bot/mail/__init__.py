"""E-mail: what is to be said to whoever runs Limner, where they read no chat."""

from bot.mail.config import MailConfig
from bot.mail.messenger import MailMessenger

__all__ = ["MailConfig", "MailMessenger"]
