"""The web: a chat page, a REST interface and the streams that both watch."""

from bot.web.config import WebConfig
from bot.web.server import WebAdapter

__all__ = ["WebAdapter", "WebConfig"]
