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
    requester = by_cookie(request)
    if requester is None:
        raise SignInNeeded
    if request.method not in SAFE_METHODS:
        check_same_origin(request)
    return requester


async def _by_token(request: web.Request) -> Requester:
    scheme, _, token = request.headers["Authorization"].partition(" ")
    requester = await request.app[STUDIO].accounts.by_token(token.strip()) if scheme.lower() == "bearer" else None
    if requester is None:
        raise SignInNeeded("That API token is not valid.")
    return requester


def by_cookie(request: web.Request) -> Requester | None:
    """None without a session, or with one that was not signed here or is too old."""
    config = request.app[CONFIG]
    try:
        who: Any = _signer(config).loads(request.cookies.get(_name(config), ""), max_age=DAYS_30)
        return Requester(*map(str, who))
    except (BadSignature, TypeError):
        return None


def begin(response: web.StreamResponse, config: WebConfig, requester: Requester) -> None:
    """From now on this browser acts for the requester."""
    response.set_cookie(
        _name(config),
        str(_signer(config).dumps([requester.platform, requester.external_id, requester.name])),
        max_age=DAYS_30,
        path="/",
        secure=config.secure,
        httponly=True,
        samesite="Strict",
    )


def end(response: web.StreamResponse, config: WebConfig) -> None:
    response.del_cookie(_name(config), path="/", secure=config.secure, httponly=True, samesite="Strict")


def _signer(config: WebConfig) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(config.secret_key, salt="limner.session")


def _name(config: WebConfig) -> str:
    # The prefix makes browsers refuse the cookie from sibling hosts; they accept it over https only.
    return "__Host-limner" if config.secure else "limner"
