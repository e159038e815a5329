"""Limner in Slack: what comes in, and what goes out."""

from bot.slack.app import SlackAdapter
from bot.slack.config import SlackConfig
from bot.slack.doctor import inspect

__all__ = ["SlackAdapter", "SlackConfig", "inspect"]
