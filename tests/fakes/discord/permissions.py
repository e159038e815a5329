"""Permission bits, by the names discord.py gives them, and how overwrites change them."""

from __future__ import annotations

from collections.abc import Iterable

from .jsontypes import Json

BITS = {
    "create_instant_invite": 1 << 0,
    "administrator": 1 << 3,
    "manage_guild": 1 << 5,
    "add_reactions": 1 << 6,
    "view_channel": 1 << 10,
    "send_messages": 1 << 11,
    "embed_links": 1 << 14,
    "attach_files": 1 << 15,
    "read_message_history": 1 << 16,
    "mention_everyone": 1 << 17,
    "use_external_emojis": 1 << 18,
    "use_application_commands": 1 << 31,
    "create_public_threads": 1 << 35,
    "send_messages_in_threads": 1 << 38,
    "use_external_apps": 1 << 50,
}
_GIVEN_BY_ROLES = ("administrator", "manage_guild")
ALL = sum(BITS.values())
USUAL = sum(bit for name, bit in BITS.items() if name not in _GIVEN_BY_ROLES)
# Interactions always may do these in their replies, whatever the channel says (interaction's app_permissions).
IN_REPLIES = BITS["embed_links"] | BITS["attach_files"] | BITS["mention_everyone"]


def bits(names: Iterable[str]) -> int:
    """The sum of named permissions."""
    return sum(BITS[name] for name in names)


def effective(base: int, overwrites: Iterable[Json], role_ids: Iterable[int], user_id: int) -> int:
    """The permissions of a member in a channel: roles' overwrites first, then the member's own."""
    concerned = {str(role_id) for role_id in role_ids}
    entries = list(overwrites)
    for mine in ([o for o in entries if o["id"] in concerned], [o for o in entries if o["id"] == str(user_id)]):
        for overwrite in mine:
            base = base & ~int(overwrite["deny"]) | int(overwrite["allow"])
    return base
