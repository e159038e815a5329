"""The permissions that the bot token needs, and what each is for; deploy/slack-manifest.yaml asks for just these."""

from __future__ import annotations

from collections.abc import Mapping

SCOPES: Mapping[str, str] = {
    "app_mentions:read": "hear when somebody mentions the bot",
    "channels:history": "find its own message again in a public channel",
    "chat:write": "post and edit its messages",
    "commands": "offer /imagine, /usage, /queue, /cancel, /limner-admin and the shortcut “Imagine this”",
    "files:read": "see when an uploaded picture is ready to be shown",
    "files:write": "upload pictures",
    "groups:history": "find its own message again in a private channel",
    "im:history": "hear direct messages",
    "im:write": "send a downloaded picture in a direct message",
    "mpim:history": "find its own message again in a group conversation",
    "usergroups:read": "see who is in the user groups that have a tier",
    "users:read": "see who is an admin of the workspace",
}
"""The four `history` scopes serve two questions that have no lesser one: may the bot write here, and did it already?"""
