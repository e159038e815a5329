"""Who is asking: a program by its token, or a person by the page's signed cookie."""

from __future__ import annotations

from typing import Any

from aiohttp import web
from itsdangerous import BadSignature, URLSafeTimedSerializer

from bot.web.config import CONFIG, STUDIO, WebConfig
from bot.web.security import check_same_origin
from core.errors import Refusal
from core.generation import Requester

DAYS_30 = 30 * 24 * 3600

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class SignInNeeded(Refusal):
    """Limner does not know who is asking."""

    next_step = "Send a valid API token as 'Authorization: Bearer …', or sign in on the page."


async def caller(request: web.Request) -> Requester:
    """Raises SignInNeeded, or CrossSite where another site makes the browser act."""
    if "Authorization" in request.headers:
        return await _by_token(request)
    requester = await by_cookie(request)
    if requester is None:
        raise SignInNeeded
    if request.method not in SAFE_METHODS:
        check_same_origin(request)
    return requester


def bearer(request: web.Request) -> str:
    """The token that was sent; empty for none."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


async def _by_token(request: web.Request) -> Requester:
    requester = await request.app[STUDIO].accounts.by_token(bearer(request))
    if requester is None:
        raise SignInNeeded("That API token is not valid.")
    return requester


async def by_cookie(request: web.Request) -> Requester | None:
    """None without a session, or with one that was not signed here, is too old or outlived its token."""
    config = request.app[CONFIG]
    try:
        found: Any = _signer(config).loads(request.cookies.get(_name(config), ""), max_age=DAYS_30)
    except BadSignature:
        return None
    if isinstance(found, str):
        return await request.app[STUDIO].accounts.by_mark(found)
    return config.open_as if found and found == _without_token(config) else None


def begin(response: web.StreamResponse, config: WebConfig, mark: str | None) -> None:
    """From now on this browser acts for the owner of the marked token; without one, for whom the page is open as."""
    response.set_cookie(
        _name(config),
        str(_signer(config).dumps(_without_token(config) if mark is None else mark)),
        max_age=DAYS_30,
        path="/",
        secure=config.secure,
        httponly=True,
        samesite="Strict",
    )


def end(response: web.StreamResponse, config: WebConfig) -> None:
    response.del_cookie(_name(config), path="/", secure=config.secure, httponly=True, samesite="Strict")


def _without_token(config: WebConfig) -> list[str]:
    """Good for as long as the page is open as the same user."""
    return [] if config.open_as is None else [config.open_as.platform, config.open_as.external_id]


def _signer(config: WebConfig) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(config.secret_key, salt="limner.session")


def _name(config: WebConfig) -> str:
    # The prefix makes browsers refuse the cookie from sibling hosts; they accept it over https only.
    return "__Host-limner" if config.secure else "limner"
