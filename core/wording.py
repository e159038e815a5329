"""What users read on every platform: short, specific, and without anybody's markup."""

from __future__ import annotations

from core.catalogue import Catalogue
from core.errors import Limit
from core.explaining import Action, Explained, explain
from core.generation import Accepted, Left, Options, Progress, Stage

__all__ = [
    "Action",
    "Explained",
    "about",
    "alert",
    "alert_title",
    "alt_text",
    "bar",
    "cancelled",
    "cancelling",
    "confirm_first",
    "dollars",
    "duration",
    "explain",
    "left_words",
    "limit_reached",
    "money",
    "options_words",
    "parked_words",
    "pictures",
    "position_words",
    "seconds",
    "stage_words",
    "thinking",
    "waiting_words",
]

_BLOCKS = 20
_STAGES = {
    Stage.QUEUED: "Waiting for its turn",
    Stage.INITIALISING: "Getting ready",
    Stage.GENERATING: "Drawing",
    Stage.PROCESSING: "Checking the picture",
    Stage.SAVING: "Saving",
    Stage.COMPLETE: "Done",
}


def bar(percent: int) -> str:
    """Twenty blocks; the last one fills at 100 only."""
    filled = min(max(percent, 0), 100) * _BLOCKS // 100
    return "█" * filled + "░" * (_BLOCKS - filled)


def stage_words(progress: Progress) -> str:
    if progress.retry_at is not None:
        return "The image service is busy; trying again soon"
    if progress.stage is Stage.GENERATING and progress.preview_index:
        return f"Drawing, preview {progress.preview_index}"
    return _STAGES[progress.stage]


def about(seconds: float) -> str:
    """`about 12 s left`; whole minutes from one minute on, so that the number does not jitter."""
    whole = round(seconds)
    if whole < 1:
        return "almost done"
    if whole < 60:
        return f"about {whole} s left"
    if whole < 3570:
        return f"about {round(whole / 60)} min left"
    return f"about {round(whole / 3600)} h left"


def position_words(position: int) -> str:
    """`3rd in line`; 1 is next and 0 is under way."""
    if position <= 0:
        return "starting now"
    return "next in line" if position == 1 else f"{_ordinal(position)} in line"


def parked_words(max_running: int | None) -> str:
    """Of a request that waits for another one of the same person: no place in line says when that ends."""
    if max_running == 1:
        return "waiting for your other picture to end"
    return "waiting for one of your other pictures to end"


def waiting_words(accepted: Accepted) -> str:
    """`3rd in line, about 40 s left`; without the time while nobody knows it."""
    if accepted.generation.parked:
        return parked_words(accepted.generation.max_running)
    place = position_words(accepted.position)
    return place if accepted.eta_seconds is None else f"{place}, {about(accepted.eta_seconds)}"


def _ordinal(number: int) -> str:
    last = 0 if number % 100 in {11, 12, 13} else number % 10
    ending = {1: "st", 2: "nd", 3: "rd"}.get(last, "th")
    return f"{number:,}{ending}"


def money(micro: int) -> str:
    """Millionths of a US dollar as `$0.013`: tenths of a cent below ten cents, cents above."""
    if micro <= 0:
        return "free"
    if micro < 500:
        return "under $0.001"
    dollars = micro / 1_000_000
    return f"${dollars:.3f}" if micro < 99_500 else f"${dollars:,.2f}"


def duration(ms: int) -> str:
    """`0.4 s`, `8.2 s`, `42 s`, `2 min 5 s`."""
    if ms < 9_950:
        return f"{max(ms, 0) / 1000:.1f} s"
    seconds = round(ms / 1000)
    if seconds < 60:
        return f"{seconds} s"
    minutes, rest = divmod(seconds, 60)
    return f"{minutes} min {rest} s" if rest else f"{minutes} min"


def options_words(options: Options, catalogue: Catalogue) -> list[tuple[str, str]]:
    """Labels and values of the options that are not the default."""
    model = catalogue.find(options.model)
    # A model that the catalogue lost has no defaults to compare with: then everything is told.
    all_words = [
        ("Model", model.title if model else options.model, options.model == catalogue.default.id),
        ("Size", options.size, model is not None and (options.width, options.height) == model.default_size),
        ("Quality", options.quality, model is not None and options.quality == model.default_quality),
        ("Pictures", str(options.count), options.count == 1),
        ("Style", options.style or "", options.style is None),
        ("Background", options.background, options.background == "auto"),
        ("Seed", str(options.seed), options.seed is None),
    ]
    return [(label, value) for label, value, usual in all_words if not usual]


def alt_text(prompt: str, limit: int) -> str:
    """For those who cannot see the picture: what was asked for, on one line, cut between words if it is too long."""
    text = f"Generated picture: {' '.join(prompt.split())}"
    if len(text) <= limit:
        return text
    cut = text[: max(limit - 1, 0)]
    # A word that would leave less than half is cut instead.
    words = cut.rpartition(" ")[0].rstrip()
    kept = words if len(words) * 2 > limit else cut.rstrip()
    return f"{kept}…"[:limit]


def thinking() -> str:
    return "Getting your picture under way…"


def cancelling() -> str:
    return "Cancelling…"


def cancelled() -> str:
    return "Cancelled. Nothing was charged."


def seconds(count: int) -> str:
    """`1 second`, `28 seconds`."""
    return pictures(count, "second")


def pictures(count: int, thing: str = "picture") -> str:
    """`1 picture`, `1,200 pictures`, or the same of another thing."""
    return f"{count:,} {thing}{'' if count == 1 else 's'}"


_SPANS = {"hour": "this hour", "day": "today", "month": "this month"}


def left_words(left: Left) -> str:
    """`3 of 10 left today`."""
    return f"{left.pictures:,} of {left.of:,} left {_SPANS.get(left.span, '')}".rstrip()


def limit_reached(limit: Limit, used: int, of: int, when: str, price_micro: int, scope: str) -> str:
    """Why a quota or a budget has no room, with the figures. `when` is such as `today`, `scope` whose it is."""
    if limit in {Limit.PICTURES_HOUR, Limit.PICTURES_DAY, Limit.PICTURES_MONTH}:
        if used < of:
            return f"You have {of - used:,} of {pictures(of)} left {when}, which is fewer than you asked for."
        return f"You have used {used:,} of {pictures(of)} {when}." if of else f"You may make no pictures {when}."
    if scope == "user":
        return (
            f"This would cost about {money(price_micro)}, and you have {dollars(max(0, of - used))} "
            f"of your {dollars(of)} left {when}."
        )
    whose = {"installation": "The budget of this bot", "workspace": "The budget that everybody here shares"}
    return f"{whose.get(scope, 'The budget that you share with others')} {when} has no room for this request."


def dollars(micro: int) -> str:
    """As `money`, but nothing is `$0`: of a budget nothing is not free."""
    return "$0" if micro <= 0 else money(micro)


def confirm_first(price_micro: int) -> str:
    """The question before a dear request."""
    return f"This will cost about {money(price_micro)}. Shall it be made? Nothing has been charged yet."


_POOLS = {"installation": "this bot", "workspace": "the workspace {}", "tier": "the tier {}"}


def alert_title(scope: str) -> str:
    return "Your budget for pictures is nearly used" if scope == "user" else "A budget for pictures is nearly used"


def alert(scope: str, subject: str, used: int, of: int, when: str) -> str:
    """Said once, when most of a budget is used. `used` includes what is reserved."""
    figures = f"{dollars(used)} of {dollars(of)}"
    whose = "your budget" if scope == "user" else f"the shared budget of {_POOLS[scope].format(subject)}"
    return f"{figures} of {whose} {when} are used or reserved. Once it is used up, new requests are refused."
