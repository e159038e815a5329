"""A wire-level fake Discord: what a bot sees of the real one, with a test in the place of its users."""

from .interactions import (
    CHOICES,
    DEFER_REPLY,
    DEFER_UPDATE,
    MODAL,
    REPLY,
    UPDATE,
    Acknowledgement,
    Interaction,
    InteractionFailed,
    Modal,
)
from .options import ClientRefused
from .request_log import Request, Upload
from .server import FakeDiscord
from .stored import Message, StoredFile, View
from .world import Channel, Guild, Role, User

__all__ = [
    "CHOICES",
    "DEFER_REPLY",
    "DEFER_UPDATE",
    "MODAL",
    "REPLY",
    "UPDATE",
    "Acknowledgement",
    "Channel",
    "ClientRefused",
    "FakeDiscord",
    "Guild",
    "Interaction",
    "InteractionFailed",
    "Message",
    "Modal",
    "Request",
    "Role",
    "StoredFile",
    "Upload",
    "User",
    "View",
]
