"""The one name for a decoded JSON object, as it travels on the wire."""

from typing import Any

Json = dict[str, Any]
