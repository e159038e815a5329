"""The seams of the core, each method with its promise."""

from core.ports.couriers import Courier
from core.ports.news import Doorbell, Settled, Signals, Watch
from core.ports.providers import Fraction, ImageProvider, Made, Partial, ProviderCall, ProviderEvent, Usage
from core.ports.stores import AccountStore, DeliveryStore, ImageStore, Outcome, RequestStore, StoredImage, WorkStore

__all__ = [
    "AccountStore",
    "Courier",
    "DeliveryStore",
    "Doorbell",
    "Fraction",
    "ImageProvider",
    "ImageStore",
    "Made",
    "Outcome",
    "Partial",
    "ProviderCall",
    "ProviderEvent",
    "RequestStore",
    "Settled",
    "Signals",
    "StoredImage",
    "Usage",
    "Watch",
    "WorkStore",
]
