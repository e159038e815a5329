"""The ports of the core in memory, for tests of one adapter that need no servers."""

from tests.fakes.ports.deliveries import MemoryDeliveries
from tests.fakes.ports.governing import MemoryLedger, MemoryNotices, MemoryPolicies
from tests.fakes.ports.news import MemoryDoorbell, MemorySignals
from tests.fakes.ports.requests import MemoryRequests
from tests.fakes.ports.stores import MemoryAccounts, MemoryImages

__all__ = [
    "MemoryAccounts",
    "MemoryDeliveries",
    "MemoryDoorbell",
    "MemoryImages",
    "MemoryLedger",
    "MemoryNotices",
    "MemoryPolicies",
    "MemoryRequests",
    "MemorySignals",
]
