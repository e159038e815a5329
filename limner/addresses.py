"""Addresses that an operator gives: each taken apart far enough to name what is wrong with it, never quoting it."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from pydantic import SecretStr

SMTP_PORTS = {"smtp": 587, "smtps": 465}


def web(value: str | None, schemes: set[str]) -> str | None:
    """Raises ValueError."""
    if value is None:
        return None
    try:
        parts = urlsplit(value)
        wrong = parts.scheme not in schemes or not parts.hostname or parts.port == 0
    except ValueError:
        wrong = True
    if wrong:
        raise ValueError(f"must be an address beginning with {' or '.join(f'{one}://' for one in sorted(schemes))}")
    return value.rstrip("/")


def server(value: SecretStr | None, schemes: tuple[str, ...]) -> SecretStr | None:
    """Raises ValueError. The messages must not quote: what was taken for a port may be a piece of the password."""
    if value is None:
        return None
    text = value.get_secret_value()
    scheme, separator, _ = text.partition("://")
    if scheme not in schemes or not separator:
        raise ValueError(f"must begin with {schemes[0]}:// (or {', '.join(f'{one}://' for one in schemes[1:])})")
    try:
        parts = urlsplit(text)
        clear = parts.port != 0 and text.partition("?")[0].count("@") <= 1
    except ValueError:
        clear = False
    if not clear:
        raise ValueError("cannot be taken apart. In a password, write @ as %40, / as %2F, # as %23, ? as %3F.")
    return value


def smtp(value: SecretStr | None) -> SecretStr | None:
    """Raises ValueError."""
    server(value, tuple(SMTP_PORTS))
    if value is not None:
        parts = urlsplit(value.get_secret_value())
        if not parts.hostname:
            raise ValueError("names no host.")
        if not _is_mailbox(sender(parts)):
            raise ValueError("needs a sender: end it with ?from=limner@example.org")
    return value


def sender(parts: SplitResult) -> str:
    """Whom our e-mails are from: as the address says, else the user that it names."""
    return parse_qs(parts.query).get("from", [unquote(parts.username or "")])[0]


def mailbox(value: str | None) -> str | None:
    """Raises ValueError."""
    if value is not None and not _is_mailbox(value):
        raise ValueError("must be one e-mail address, such as ops@example.org")
    return value


def _is_mailbox(value: str) -> bool:
    local, _, domain = value.partition("@")
    return bool(local and domain) and value.isprintable() and not set(" ,;:<>@\"'()").intersection(local + domain)


def networks(value: str | None) -> tuple[IPv4Network | IPv6Network, ...]:
    """Raises ValueError."""
    try:
        return tuple(ip_network(one.strip()) for one in value.split(",")) if value else ()
    except ValueError:
        raise ValueError("must be addresses or networks, such as 127.0.0.1 or 172.16.0.0/12, with commas.") from None


def is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
