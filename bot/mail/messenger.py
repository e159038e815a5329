"""Sends a notice as an e-mail."""

from __future__ import annotations

import hashlib
from email.message import EmailMessage
from email.utils import formatdate

import aiosmtplib

from bot.mail.config import MailConfig
from core.errors import Outage, Undeliverable
from core.ports import Notice

PATIENCE = 20.0
"""Seconds for each answer of the server."""

FOR_GOOD = 500
"""The first of SMTP's codes that mean never (RFC 5321, section 4.2.1); those below mean later."""


class MailMessenger:
    """Implements `core.ports.Messenger` for addresses that are mailboxes."""

    platform = "mail"

    def __init__(self, config: MailConfig) -> None:
        self._config = config

    async def tell(self, notice: Notice) -> None:
        message = _message(self._config.sender, notice)
        try:
            async with self._server() as server:
                await server.send_message(message)
        except aiosmtplib.SMTPRecipientsRefused as refused:
            raise _refused(refused.recipients[0]) from refused
        except (aiosmtplib.SMTPSenderRefused, aiosmtplib.SMTPDataError) as refused:
            raise _refused(refused) from refused
        except (aiosmtplib.SMTPException, OSError) as away:
            raise Outage(_reason(away)) from away

    async def check(self) -> None:
        """Connects and signs in, and sends nothing. Raises Outage."""
        try:
            async with self._server() as server:
                await server.noop()
        except (aiosmtplib.SMTPException, OSError) as away:
            raise Outage(_reason(away)) from away

    def _server(self) -> aiosmtplib.SMTP:
        it = self._config
        return aiosmtplib.SMTP(
            hostname=it.host,
            port=it.port,
            username=it.user,
            password=it.password,
            use_tls=it.tls,
            start_tls=False if it.tls else None if it.local else True,
            validate_certs=not it.local,
            timeout=PATIENCE,
        )


def _message(sender: str, notice: Notice) -> EmailMessage:
    """The same notice always has the same id, so that a mailbox can tell if it came twice."""
    message = EmailMessage()
    message["From"] = f"Limner <{sender}>"
    message["To"] = notice.address
    # A header ends with its line: what stands in a title must not begin another.
    message["Subject"] = " ".join(f"Limner: {notice.title}".split())
    message["Date"] = formatdate(localtime=False)
    digest = hashlib.sha256(f"{notice.key}\n{notice.address}".encode()).hexdigest()[:32]
    message["Message-ID"] = f"<{digest}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(notice.body)
    return message


def _refused(refused: aiosmtplib.SMTPResponseException) -> Outage | Undeliverable:
    return (Undeliverable if refused.code >= FOR_GOOD else Outage)(_reason(refused))


def _reason(error: BaseException) -> str:
    """In the server's words, without ours."""
    if isinstance(error, aiosmtplib.SMTPResponseException):
        return f"The mail server said {error.code}: {' '.join(error.message.split())[:300]}"
    return f"The mail server cannot be used: {' '.join(str(error).split())[:300] or type(error).__name__}"
