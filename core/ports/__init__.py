"""The seams of the core, each method with its promise."""

from core.ports.couriers import Courier, Messenger
from core.ports.governing import (
    Assignment,
    Balance,
    LedgerStore,
    LostCall,
    NoticeStore,
    OpenNotice,
    PolicyStore,
    Spend,
)
from core.ports.news import Doorbell, Settled, Signals, Watch
from core.ports.pace import Headroom, Pace
from core.ports.providers import Fraction, ImageProvider, Made, Partial, ProviderCall, ProviderEvent, Usage
from core.ports.rates import Rate, RateLimiter
from core.ports.requests import Notice, RequestStore, Terms
from core.ports.stores import AccountStore, DeliveryStore, ImageStore, Outcome, StoredImage, Upcoming, WorkStore

__all__ = [
    "AccountStore",
    "Assignment",
    "Balance",
    "Courier",
    "DeliveryStore",
    "Doorbell",
    "Fraction",
    "Headroom",
    "ImageProvider",
    "ImageStore",
    "LedgerStore",
    "LostCall",
    "Made",
    "Messenger",
    "Notice",
    "NoticeStore",
    "OpenNotice",
    "Outcome",
    "Pace",
    "Partial",
    "PolicyStore",
    "ProviderCall",
    "ProviderEvent",
    "Rate",
    "RateLimiter",
    "RequestStore",
    "Settled",
    "Signals",
    "Spend",
    "StoredImage",
    "Terms",
    "Upcoming",
    "Usage",
    "Watch",
    "WorkStore",
]
