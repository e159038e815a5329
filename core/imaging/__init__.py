"""Pictures as bytes: verified, made small, converted, shown side by side, and written as Base64.

Everything here is synchronous, keeps no state and may run in any thread; call it through `asyncio.to_thread`.
"""

from core.imaging.containers import sniff
from core.imaging.derive import Format, contact_sheet, convert, fit, preview
from core.imaging.text import decode, encode
from core.imaging.verify import MAX_PIXELS, Checked, Facts, check, inspect

__all__ = [
    "MAX_PIXELS",
    "Checked",
    "Facts",
    "Format",
    "check",
    "contact_sheet",
    "convert",
    "decode",
    "encode",
    "fit",
    "inspect",
    "preview",
    "sniff",
]
