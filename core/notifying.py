"""Use case: say what is to be said, once, to whom it is addressed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from datetime import timedelta

from core.errors import Outage, Undeliverable
from core.ports import Messenger, NoticeStore, OpenNotice

log = logging.getLogger(__name__)

EVERY = 5.0
"""Seconds between two looks: nobody waits for a notice."""

LEASE = timedelta(minutes=2)
AT_ONCE = 20
MOST_TRIES = 20
FIRST, LONGEST = 30.0, 3600.0
"""Seconds until the next try."""


class Notifying:
    """Carries notices of the platforms that this process serves; several processes share the work."""

    def __init__(self, notices: NoticeStore, messengers: Sequence[Messenger]) -> None:
        self._notices = notices
        self._messengers = {one.platform: one for one in messengers}

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            try:
                await self.say_all()
            except Outage as away:
                log.warning("notices_delayed", extra={"reason": str(away)})
            except Exception:  # the edge: one that cannot be read must not silence the others for good
                log.exception("notices_delayed")
            await asyncio.sleep(EVERY)

    async def say_all(self) -> int:
        """What is due now; returns how many there were."""
        found = await self._notices.take(list(self._messengers), LEASE, AT_ONCE) if self._messengers else ()
        for one in found:
            await self._say(one)
        return len(found)

    async def _say(self, one: OpenNotice) -> None:
        told = {"key": one.notice.key, "platform": one.notice.platform, "tries": one.tries}
        try:
            await self._messengers[one.notice.platform].tell(one.notice)
        except Outage as away:
            if one.tries >= MOST_TRIES:
                await self._notices.give_up(one.id, str(away))
                return
            pause = away.retry_after or min(FIRST * 2 ** (one.tries - 1), LONGEST)
            await self._notices.postpone(one.id, timedelta(seconds=pause), str(away))
        except Undeliverable as never:
            log.warning("notice_undeliverable", extra=told | {"reason": str(never)})
            await self._notices.give_up(one.id, str(never))
        except Exception as defect:  # the edge: a messenger that stumbles must not hold up the rest
            log.exception("notice_failed", extra=told)
            await self._notices.postpone(one.id, timedelta(seconds=LONGEST), type(defect).__name__)
        else:
            await self._notices.sent(one.id)
            log.info("notice_sent", extra=told)
