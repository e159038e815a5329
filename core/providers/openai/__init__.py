"""OpenAI's Images API, and servers that speak like it."""

from core.providers.openai.provider import OpenAIProvider

__all__ = ["OpenAIProvider"]
