"""Everything that an adapter is given, in one record."""

from __future__ import annotations

from dataclasses import dataclass

from core.accounts import Accounts
from core.administering import Administering
from core.catalogue import Catalogue
from core.delivering import Delivering
from core.gallery import Gallery
from core.metering import Metering
from core.ports import Signals
from core.queueing import Queueing
from core.requesting import Requesting
from core.styles import Styles


@dataclass(frozen=True, slots=True)
class Studio:
    """The use cases and the data that adapters show."""

    catalogue: Catalogue
    styles: Styles
    requesting: Requesting
    delivering: Delivering
    gallery: Gallery
    accounts: Accounts
    metering: Metering
    queueing: Queueing
    administering: Administering
    signals: Signals
    max_upload_bytes: int
    """The largest picture that a user may bring along."""
    quality: int
    """0-100, for JPEG and WebP that have to be made smaller."""
