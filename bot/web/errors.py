"""The edge at which anything that went wrong becomes an answer: JSON for programs, a page for people."""

from __future__ import annotations

import logging
import math
import secrets
from collections.abc import Mapping

import aiohttp_jinja2
from aiohttp import web
from aiohttp.typedefs import Handler

from bot.web.security import CrossSite, WrongHost
from bot.web.sessions import SignInNeeded
from bot.web.wire import MICRO, reply
from core.clock import now
from core.errors import (
    BadRequest,
    ConfirmFirst,
    Limit,
    LimitReached,
    NotAllowed,
    NotFound,
    Outage,
    Refusal,
    SwitchedOff,
)

log = logging.getLogger(__name__)

RETRY_AFTER = 5
"""Seconds, where the server that is away named no time."""


class AlreadyOver(Refusal):
    """This request is over already."""

    next_step = "There is nothing left to cancel."


class TooLarge(Refusal):
    """The request is too large."""

    next_step = "Send smaller pictures, or fewer."


class NotJson(Refusal):
    """The body must be JSON."""

    next_step = "Send it with 'Content-Type: application/json'."


# Looked up along the class tree, so that a new kind of refusal is answered as the kind that it belongs to.
ANSWERS: Mapping[type[Refusal], tuple[int, str]] = {
    Refusal: (422, "refused"),
    BadRequest: (400, "bad_request"),
    SignInNeeded: (401, "unauthorized"),
    ConfirmFirst: (402, "confirmation_required"),
    NotAllowed: (403, "not_allowed"),
    CrossSite: (403, "cross_site"),
    NotFound: (404, "not_found"),
    AlreadyOver: (409, "already_over"),
    TooLarge: (413, "too_large"),
    NotJson: (415, "not_json"),
    WrongHost: (421, "wrong_host"),
    LimitReached: (429, "limit_reached"),
    SwitchedOff: (503, "switched_off"),
}

MONEY = frozenset({Limit.SPEND_DAY, Limit.SPEND_MONTH, Limit.POOL_DAY, Limit.POOL_MONTH})
"""Limits that waiting a little does not help with: 402 instead of 429."""

HTTP_WORDS = {
    404: ("not_found", "There is nothing at this address.", "Check the address; /openapi.json lists them all."),
    405: ("method_not_allowed", "This address does not take that method.", "See /openapi.json for those it takes."),
    413: ("too_large", "The request is too large.", "Send smaller pictures, or fewer."),
}


@web.middleware
async def answer_everything(request: web.Request, handler: Handler) -> web.StreamResponse:
    """No exception gets past here, and none shows its insides."""
    try:
        return await handler(request)
    except Refusal as refusal:
        return _refused(request, refusal)
    except Outage as outage:
        log.warning("outage", extra={"path": request.path, "reason": str(outage)})
        wait = math.ceil(outage.retry_after or RETRY_AFTER)
        message, next_step = "A server that Limner needs is away for now.", f"Please try again in {wait} seconds."
        return _answer(request, 503, "outage", message, next_step, headers={"Retry-After": str(wait)})
    except web.HTTPException as error:
        if error.status < 400:
            raise
        code, message, next_step = HTTP_WORDS.get(error.status, ("bad_request", "The request is not right.", ""))
        headers = {"Allow": error.headers["Allow"]} if "Allow" in error.headers else {}
        return _answer(request, error.status, code, message, next_step, headers=headers)
    except ConnectionResetError:  # nobody is there any more to be answered
        log.info("caller_gone", extra={"path": request.path})
        return web.Response(status=400)
    except Exception:  # the edge: whatever it was, the caller gets a sentence and the log gets the rest
        incident = secrets.token_hex(4)
        log.exception("request_failed", extra={"incident": incident, "method": request.method, "path": request.path})
        message = "Something went wrong in Limner."
        next_step = f"Please try again. If it stays, tell the operator the number {incident}."
        return _answer(request, 500, "internal", message, next_step)


def _refused(request: web.Request, refusal: Refusal) -> web.Response:
    status, code = next(ANSWERS[kind] for kind in type(refusal).__mro__ if kind in ANSWERS)
    if status == 401 and wants_page(request):
        return web.Response(status=303, headers={"Location": "/sign-in"})
    headers = {"WWW-Authenticate": 'Bearer realm="Limner"'} if status == 401 else {}
    if isinstance(refusal, LimitReached):
        status = 402 if refusal.limit in MONEY else 429
        if refusal.resets_at is not None:
            headers["Retry-After"] = str(max(1, math.ceil((refusal.resets_at - now()).total_seconds())))
    return _answer(request, status, code, str(refusal.args[0]), refusal.next_step, _details(refusal), headers)


def _details(refusal: Refusal) -> dict[str, object]:
    """What a program wants to know beside the sentences."""
    if isinstance(refusal, BadRequest):
        return {"mistakes": refusal.mistakes}
    if isinstance(refusal, LimitReached):
        return {"limit": refusal.limit, "resets_at": refusal.resets_at}
    if isinstance(refusal, ConfirmFirst):
        return {
            "next_step": 'Send it again with "confirm": true.',
            "estimated_cost": refusal.price_micro / MICRO,
            "proposal_id": str(refusal.proposal_id),
        }
    return {}


def _answer(
    request: web.Request,
    status: int,
    code: str,
    message: str,
    next_step: str,
    details: Mapping[str, object] | None = None,
    headers: Mapping[str, str] | None = None,
) -> web.Response:
    if wants_page(request):
        context = {"message": message, "next_step": next_step, "title": message.rstrip(".")}
        page = aiohttp_jinja2.render_template("error.html", request, context, status=status)
        page.headers.update(headers or {})
        return page
    return reply(
        {"error": {"code": code, "message": message, "next_step": next_step, **(details or {})}}, status, headers
    )


def wants_page(request: web.Request) -> bool:
    """True for a person's browser going somewhere; the page's own script and programs do not ask for HTML."""
    return "text/html" in request.headers.get("Accept", "") and request.method in {"GET", "POST"}
