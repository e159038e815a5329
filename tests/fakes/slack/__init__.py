"""A fake Slack on the wire: Web API, Socket Mode, signed HTTP, and the people who use it."""

from .deliveries import Attempt, Delivery, Patience
from .files import File, Processing
from .journal import Request
from .limits import Answer, Drop, Hang
from .records import Message, MessageState, View
from .server import FakeSlack

__all__ = [
    "Answer",
    "Attempt",
    "Delivery",
    "Drop",
    "FakeSlack",
    "File",
    "Hang",
    "Message",
    "MessageState",
    "Patience",
    "Processing",
    "Request",
    "View",
]
