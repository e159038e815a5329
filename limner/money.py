"""What `limner doctor` says about money: do the books balance, is there a budget, was anything lost."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from core.clock import now
from core.findings import Finding
from core.policies import Policy, Scope, tightened
from core.ports import Balance, LostCall
from core.storage.accounting import PostgresLedger
from core.storage.database import Database
from core.storage.governing import PostgresPolicies
from core.wording import dollars, pictures
from limner import wiring
from limner.settings import Settings, secret

LATELY = timedelta(days=7)
SHOWN = 1000
"""Lost calls that are looked at."""


async def findings(settings: Settings) -> Sequence[Finding]:
    """One for the books, one for the budgets, one for lost calls. The schema must be up to date."""
    database = Database(secret(settings.database_url) or "", application_name="limner-doctor")
    try:
        ledger = PostgresLedger(database)
        balance, lost = await ledger.balance(), await ledger.lost(None, SHOWN)
        stored = await PostgresPolicies(database).policy(Scope.INSTALLATION, "")
    finally:
        await database.close()
    ceiling = wiring.house(settings, wiring.catalogue(settings)).ceiling
    return [
        books(balance),
        budgets(tightened(stored, ceiling)),
        calls([one for one in lost if now() - one.at < LATELY]),
    ]


def books(balance: Balance) -> Finding:
    if balance.difference_micro == 0:
        told = f"{dollars(balance.spent_micro)} spent, {dollars(balance.reserved_micro)} reserved"
        return Finding(True, f"Books: they balance ({told}, {dollars(balance.lost_micro)} lost).")
    return Finding(
        False,
        f"Books: the ledger, the open requests and the tallies differ by {balance.difference_micro:,} micro-USD.",
        "Nothing mends this by itself: keep a copy of the database and report it.",
    )


def budgets(installation: Policy) -> Finding:
    """Having none is no fault: OpenAI's own limit may be enough."""
    pools = (installation.pool_day_micro, "a day"), (installation.pool_month_micro, "a month")
    shared = [f"{dollars(pool)} {span}" for pool, span in pools if pool is not None]
    words = ", ".join(shared)
    told = f"everybody together may spend {words}" if shared else "none is set for everybody together"
    paused = " New requests are paused by an admin." if installation.paused else ""
    return Finding(True, f"Budgets: {told}.{paused}")


def calls(lately: Sequence[LostCall]) -> Finding:
    if not lately:
        return Finding(True, "Lost calls: none in the last 7 days.")
    total = dollars(sum(one.lost_micro for one in lately))
    return Finding(
        True,
        f"Lost calls: {pictures(len(lately), 'call')} in the last 7 days whose answer never came; up to {total} may "
        "have been billed. GET /admin/ledger/lost lists them.",
    )
