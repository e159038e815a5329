"""OpenAI's Images API on a loopback port, with its refusals, its stream and, on demand, its bad days."""

from tests.fakes.openai import faults
from tests.fakes.openai.quota import Quota
from tests.fakes.openai.records import Call, Hold, Upload
from tests.fakes.openai.server import FakeOpenAI

__all__ = ["Call", "FakeOpenAI", "Hold", "Quota", "Upload", "faults"]
