"""A notice becomes an e-mail, and what the server says against it an Outage or a never."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
import trustme

from bot.mail import MailConfig, MailMessenger
from core.errors import Outage, Undeliverable
from core.ports import Notice
from limner.platforms import mail_config
from limner.settings import load
from tests.fakes.mail import FakeMail

NOTICE = Notice(
    key="80/installation//pool_day/2026-11-20",
    platform="mail",
    address="ops@example.org",
    title="A budget for pictures is nearly used",
    body="More than 80 % of the budget of this bot, which is $20.00 today, is used or reserved. Grüße\n.\nEnd.",
)


@pytest.fixture
async def server() -> AsyncIterator[FakeMail]:
    async with FakeMail(user="limner", password="p@ss w") as started:
        yield started


def config(server: FakeMail, **changed: object) -> MailConfig:
    given = MailConfig(
        host="127.0.0.1",
        port=server.port,
        sender="limner@example.org",
        user=server.user,
        password=server.password,
        local=True,
    )
    return replace(given, **changed)  # type: ignore[arg-type]


async def test_a_notice_arrives_whole_from_and_to_whom_it_should(server: FakeMail) -> None:
    await MailMessenger(config(server)).tell(NOTICE)
    [mail] = server.mails
    assert (mail.sender, mail.recipients) == ("limner@example.org", ["ops@example.org"])
    assert mail.message["Subject"] == "Limner: A budget for pictures is nearly used"
    assert mail.message["Auto-Submitted"] == "auto-generated"
    assert mail.message.get_content().replace("\r\n", "\n").rstrip("\n") == NOTICE.body


async def test_a_notice_that_is_sent_twice_has_the_same_id_and_another_has_another(server: FakeMail) -> None:
    messenger = MailMessenger(config(server))
    for notice in (NOTICE, NOTICE, replace(NOTICE, key="other"), replace(NOTICE, address="b@example.org")):
        await messenger.tell(notice)
    first, second, *others = [mail.message["Message-ID"] for mail in server.mails]
    assert first == second
    assert len({first, *others}) == 3


async def test_a_title_cannot_begin_another_header(server: FakeMail) -> None:
    await MailMessenger(config(server)).tell(replace(NOTICE, title="Of discord:81\r\nBcc: eve@example.org"))
    [mail] = server.mails
    assert mail.recipients == ["ops@example.org"]
    assert mail.message["Bcc"] is None
    assert "Bcc: eve@example.org" in mail.message["Subject"]


@pytest.mark.parametrize(
    ("verb", "line", "error"),
    [
        ("RCPT", "550 5.1.1 no such mailbox", Undeliverable),
        ("RCPT", "451 4.7.1 greylisted", Outage),
        ("MAIL", "553 5.1.8 not from you", Undeliverable),
        ("MAIL", "452 4.3.1 the disk is full", Outage),
        ("DATA", "554 5.7.1 that is spam", Undeliverable),
        ("AUTH", "535 5.7.8 wrong password", Outage),
        ("CONNECT", "421 4.3.2 back soon", Outage),
    ],
)
async def test_what_the_server_says_is_a_later_or_a_never(
    server: FakeMail, verb: str, line: str, error: type[Exception]
) -> None:
    server.answers[verb] = line
    with pytest.raises(error, match=line[:3]):
        await MailMessenger(config(server)).tell(NOTICE)
    assert server.mails == []


async def test_a_server_that_is_away_is_an_outage(server: FakeMail) -> None:
    with pytest.raises(Outage, match="cannot be used"):
        await MailMessenger(config(server, port=1)).tell(NOTICE)


async def test_without_encryption_nothing_is_sent_to_another_machine(server: FakeMail) -> None:
    """The fake offers no STARTTLS; only to this very machine may that be."""
    with pytest.raises(Outage, match="STARTTLS"):
        await MailMessenger(config(server, local=False)).tell(NOTICE)
    assert server.mails == []


@pytest.fixture
def authority(server: FakeMail) -> trustme.CA:
    """Who vouches for the server, which offers STARTTLS from now on."""
    vouching = trustme.CA()
    server.tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    vouching.issue_cert("localhost").configure_cert(server.tls)
    return vouching


async def test_what_goes_to_another_machine_is_encrypted_for_it_alone(
    server: FakeMail, authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    messenger = MailMessenger(config(server, host="localhost", local=False))
    with pytest.raises(Outage, match="certificate"):
        await messenger.tell(NOTICE)
    assert server.mails == []
    authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    await messenger.tell(NOTICE)
    assert [mail.encrypted for mail in server.mails] == [True]


async def test_on_this_machine_encryption_is_used_where_it_is_offered(server: FakeMail, authority: trustme.CA) -> None:
    await MailMessenger(config(server)).tell(NOTICE)
    assert [mail.encrypted for mail in server.mails] == [True]


async def test_a_check_signs_in_and_sends_nothing(server: FakeMail) -> None:
    await MailMessenger(config(server)).check()
    assert (server.connections, server.mails) == (1, [])
    with pytest.raises(Outage, match="535"):
        await MailMessenger(config(server, password="wrong")).check()


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (
            "smtp://ops%40example.org:p%40ss@mail.example.org",
            MailConfig(
                host="mail.example.org", port=587, sender="ops@example.org", user="ops@example.org", password="p@ss"
            ),
        ),
        (
            "smtps://mail.example.org?from=a@b.c",
            MailConfig(host="mail.example.org", port=465, sender="a@b.c", tls=True),
        ),
        ("smtp://localhost:25?from=a@b.c", MailConfig(host="localhost", port=25, sender="a@b.c", local=True)),
    ],
)
def test_the_address_says_how_to_send(
    url: str, expected: MailConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert mail_config(load(smtp_url=url)) == expected
