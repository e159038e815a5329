"""What holds for every answer and every caller: strict headers, known host names, no foreign sites."""

from __future__ import annotations

from ipaddress import ip_address

from aiohttp import web
from aiohttp.typedefs import Handler
from yarl import URL

from bot.web.config import CONFIG
from core.errors import NotAllowed, Refusal

# Previews come as data: URLs inside the stream; everything else is from here, and nothing is inline.
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)

HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    # Not no-referrer: with it a form's Origin header would read "null", and our own forms look foreign.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


class WrongHost(Refusal):
    """This server is not known by that name."""

    next_step = "Open it by the address that it printed when it started."


class CrossSite(NotAllowed):
    """This was asked for by another site."""

    next_step = "Do it from Limner's own page, or use an API token."


async def add_headers(request: web.Request, response: web.StreamResponse) -> None:
    """For every answer, streams and files included."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    # Whatever does not say otherwise is somebody's own.
    response.headers.setdefault("Cache-Control", "no-cache" if request.path.startswith("/static/") else "no-store")


@web.middleware
async def known_host(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Where no token is asked for, a foreign name that resolves to this machine must not open the door."""
    config = request.app[CONFIG]
    if config.open_as is not None and not _is_known(request.host, config.public_host):
        raise WrongHost
    return await handler(request)


def check_same_origin(request: web.Request) -> None:
    """Raises CrossSite for a changing request that a browser did not send from our own page."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        if site != "same-origin":
            raise CrossSite
        return
    # Browsers leave Sec-Fetch-Site out over plain http to other machines, but never the Origin of a POST.
    origin = request.headers.get("Origin", "")
    if origin not in {f"http://{request.host}", f"https://{request.host}", request.app[CONFIG].public_origin}:
        raise CrossSite


def _is_known(host: str, public_host: str | None) -> bool:
    try:
        name = URL(f"http://{host}").host or ""
    except ValueError:
        return False
    if name in {"localhost", public_host}:
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False
