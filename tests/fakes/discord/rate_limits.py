"""Discord's rate limits: a bucket per kind of route and major parameter, and one global allowance."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field

from .clock import Clock
from .jsontypes import Json

Headers = dict[str, str]


@dataclass(frozen=True, slots=True)
class Rule:
    """``limit`` requests in each window of ``seconds`` for one kind of route and its major parameter (group 1)."""

    name: str
    method: str
    path: str
    limit: int
    seconds: float


@dataclass(slots=True)
class _Window:
    ends: float
    used: int = 0


@dataclass(frozen=True, slots=True)
class Verdict:
    """The headers to answer with and, when the request may not pass, the body of its 429."""

    headers: Headers
    refusal: Json | None = None


DEFAULTS = (
    Rule("create message", "POST", r"/channels/(\d+)/messages", 5, 5.0),
    Rule("edit message", "PATCH", r"/channels/(\d+)/messages/\d+", 5, 5.0),
    Rule("delete message", "DELETE", r"/channels/(\d+)/messages/\d+", 5, 1.0),
    Rule("get message", "GET", r"/channels/(\d+)/messages/\d+", 10, 1.0),
    Rule("webhook", "POST", r"/webhooks/(\d+/[^/]+)", 5, 2.0),
    Rule("webhook edit", "PATCH", r"/webhooks/(\d+/[^/]+)/messages/[^/]+", 5, 5.0),
    Rule("open dm", "POST", r"/users/@me/(channels)", 10, 10.0),
)


@dataclass(slots=True)
class RateLimits:
    """Counts requests; ``change`` and ``global_limit`` let a test make it stricter or milder."""

    clock: Clock
    rules: dict[str, Rule] = field(default_factory=lambda: {rule.name: rule for rule in DEFAULTS})
    global_limit: int = 50
    _windows: dict[str, _Window] = field(default_factory=dict)

    def change(self, name: str, limit: int, seconds: float) -> None:
        """Sets another allowance for one rule, from its next window on."""
        old = self.rules[name]
        self.rules[name] = Rule(name, old.method, old.path, limit, seconds)
        self._windows = {key: window for key, window in self._windows.items() if not key.startswith(f"{name}:")}

    def judge(self, method: str, path: str, *, counts_globally: bool) -> Verdict:
        """Counts one request; interaction callbacks and webhooks do not count towards the global allowance."""
        if counts_globally:
            window = self._window("global", 1.0)
            if window.used >= self.global_limit:
                return self._refused(window, {"X-RateLimit-Global": "true", "X-RateLimit-Scope": "global"}, True)
            window.used += 1
        for rule in self.rules.values():
            match = re.fullmatch(rule.path, path) if rule.method == method else None
            if match:
                return self._judge_by(rule, match.group(1))
        return Verdict({})

    def _judge_by(self, rule: Rule, major: str) -> Verdict:
        window = self._window(f"{rule.name}:{major}", rule.seconds)
        refused = window.used >= rule.limit
        window.used += 0 if refused else 1
        headers = {
            "X-RateLimit-Bucket": hashlib.blake2s(rule.name.encode(), digest_size=16).hexdigest(),
            "X-RateLimit-Limit": str(rule.limit),
            "X-RateLimit-Remaining": str(rule.limit - window.used),
            "X-RateLimit-Reset": f"{window.ends:.3f}",
            "X-RateLimit-Reset-After": f"{max(window.ends - self.clock.now(), 0.0):.3f}",
        }
        return self._refused(window, headers | {"X-RateLimit-Scope": "user"}, False) if refused else Verdict(headers)

    def _window(self, key: str, seconds: float) -> _Window:
        window = self._windows.get(key)
        if window is None or window.ends <= self.clock.now():
            window = self._windows[key] = _Window(self.clock.now() + seconds)
        return window

    def _refused(self, window: _Window, headers: Headers, everywhere: bool) -> Verdict:
        return Verdict(*refusal(max(window.ends - self.clock.now(), 0.001), headers, everywhere=everywhere))


def refusal(retry_after: float, headers: Headers, *, everywhere: bool = False) -> tuple[Headers, Json]:
    """Headers and body of a 429; without ``Via`` a client takes it for a ban by the proxy in front of Discord."""
    body: Json = {"message": "You are being rate limited.", "retry_after": round(retry_after, 3), "global": everywhere}
    return headers | {"Via": "1.1 google", "Retry-After": str(int(retry_after) + 1)}, body
