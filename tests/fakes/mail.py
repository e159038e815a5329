"""A mail server on the wire: takes mails over SMTP, and refuses as a test says."""

from __future__ import annotations

import asyncio
import base64
import ssl
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from types import TracebackType
from typing import Self


@dataclass(slots=True)
class Mail:
    """One mail that was taken."""

    sender: str
    recipients: list[str]
    message: EmailMessage
    encrypted: bool


@dataclass(slots=True)
class FakeMail:
    """Speaks as much of RFC 5321 as a client needs. Set `answers` to refuse: by verb, the line to send instead."""

    user: str = ""
    password: str = field(default="", repr=False)
    answers: dict[str, str] = field(default_factory=dict)
    mails: list[Mail] = field(default_factory=list)
    tls: ssl.SSLContext | None = None
    """STARTTLS is offered with it."""
    port: int = 0
    connections: int = 0
    _server: asyncio.Server | None = None

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server is not None
        self._server.close()
        await self._server.wait_closed()

    @property
    def url(self) -> str:
        who = f"{self.user}:{self.password}@" if self.user else ""
        return f"smtp://{who}127.0.0.1:{self.port}?from=limner@example.org"

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        talk = _Talk(self, reader, writer)
        try:
            await talk.run()
        except (OSError, asyncio.IncompleteReadError):
            return  # the client left
        finally:
            writer.close()


@dataclass(slots=True)
class _Talk:
    fake: FakeMail
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    signed_in: bool = False
    sender: str = ""
    recipients: list[str] = field(default_factory=list)

    async def run(self) -> None:
        await self._say(self.fake.answers.get("CONNECT", "220 mail.example.org"))
        while line := (await self.reader.readline()).decode().rstrip("\r\n"):
            verb = line.partition(" ")[0].upper()
            if told := self.fake.answers.get(verb):
                await self._say(told)
            elif await self._answer(verb, line):
                return

    async def _answer(self, verb: str, line: str) -> bool:
        """True at the end."""
        if verb == "EHLO":
            offered = ["250-STARTTLS"] if self.fake.tls and not self.encrypted else []
            last = "250 AUTH PLAIN" if self.fake.user else "250 HELP"
            await self._say("250-mail.example.org", "250-8BITMIME", *offered, last)
        elif verb == "STARTTLS" and self.fake.tls:
            await self._say("220 go ahead")
            await self.writer.start_tls(self.fake.tls)
        elif verb == "AUTH":
            self.signed_in = line.split()[2] == self._secret()
            await self._say("235 welcome" if self.signed_in else "535 5.7.8 wrong user or password")
        elif verb in {"MAIL", "RCPT"} and self.fake.user and not self.signed_in:
            await self._say("530 5.7.0 sign in first")
        elif verb == "MAIL":
            self.sender, self.recipients = line.partition("<")[2].partition(">")[0], []
            await self._say("250 ok")
        elif verb == "RCPT":
            self.recipients.append(line.partition("<")[2].partition(">")[0])
            await self._say("250 ok")
        elif verb == "DATA":
            await self._say("354 go on")
            await self._take((await self.reader.readuntil(b"\r\n.\r\n")).removesuffix(b".\r\n"))
        elif verb == "QUIT":
            await self._say("221 bye")
            return True
        else:
            await self._say("250 ok")
        return False

    async def _take(self, data: bytes) -> None:
        message = message_from_bytes(data.replace(b"\r\n..", b"\r\n."), policy=policy.SMTP)
        assert isinstance(message, EmailMessage)
        self.fake.mails.append(Mail(self.sender, self.recipients, message, self.encrypted))
        await self._say("250 taken")

    @property
    def encrypted(self) -> bool:
        return self.writer.get_extra_info("sslcontext") is not None

    def _secret(self) -> str:
        return base64.b64encode(f"\0{self.fake.user}\0{self.fake.password}".encode()).decode()

    async def _say(self, *lines: str) -> None:
        self.writer.write("".join(f"{line}\r\n" for line in lines).encode())
        await self.writer.drain()
