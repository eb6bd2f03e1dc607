"""Builds a message of the Internet (RFC 5322) from plain values, and the bytes that are sent.

The same letter makes the same bytes: its id and date are handed in, and what separates its parts is
made of the id. All of a message is ASCII, but for addresses that a server must have SMTPUTF8 for.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.headerregistry import BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, Policy
from pathlib import Path

from pos_sync.mail.addresses import (
    Mailbox,
    Route,
    header_address,
    plain_text,
    real_text,
    route_of,
)
from pos_sync.mail.errors import BadLetter, WhyBad
from pos_sync.mail.parts import Parts, part_of

LARGEST = 20_000_000
"""Bytes of a whole message, as sent; many servers take no more than 25 MB."""
_MEDIA_TYPE = re.compile(r"(application|audio|font|image|text|video)/[a-z0-9][a-z0-9.+-]*")
_MAILTO = re.compile(r"mailto:[A-Za-z0-9._~%!$&'*+=/?@;:-]+@[A-Za-z0-9._~%!$&'*+=/?@;:-]+")
_MESSAGE_ID = re.compile(r"<[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9.-]+>")
_LONGEST_WORD = 900
_HEADER_START = re.compile(rb"\r\n(?![ \t])")
_OF_THE_WORDS = (b"content-", b"mime-version:")
"""Headers that tell of the words alone, once there are files beside them."""
_TEXT_SIGNS = "\t\n\r"


@dataclass(frozen=True)
class Attachment:
    """A file that goes along."""

    name: str
    """As its receiver sees it; slashes become dashes."""
    media_type: str
    content: bytes | Path = field(repr=False)
    """A Path is read when the message is built."""


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A mail to one person, as plain values."""

    sender: Mailbox
    recipient: Mailbox
    subject: str
    text: str
    message_id: str
    """As `<something@somewhere>`: the same at each try, so that a mail program knows a double."""
    date: datetime
    """Aware."""
    html: str | None = None
    reply_to: Mailbox | None = None
    attachments: Sequence[Attachment] = ()
    unsubscribe: str | None = None
    """A `mailto:` address that ends the mail."""
    is_automatic: bool = False
    """Whether no person pressed a key for it: nobody's holiday notice shall answer."""


@dataclass(frozen=True)
class Envelope:
    """A message as it is handed to a server."""

    sender: Route
    recipient: Route
    data: bytes = field(repr=False)
    """The whole message; lines end in CRLF."""
    is_international: bool = False
    """Whether only a server with SMTPUTF8 can take it."""

    @property
    def size(self) -> int:
        """Bytes of the message."""
        return len(self.data)


def seal(letter: Letter, largest: int = LARGEST, parts: Parts | None = None) -> Envelope:
    """Return the bytes of a letter and where they go; raises BadLetter, also where it is too large.

    What is too large is told by the sizes of its parts, before anything is read or built. `parts`
    keeps files that go to others too.
    """
    _check_size(_least_size(letter), largest)
    files = [_part(attachment, parts) for attachment in letter.attachments]
    data = _words(letter).as_bytes()
    data = _with_files(data, files, letter.message_id) if files else data
    _check_size(len(data), largest)
    return Envelope(
        route_of(letter.sender.address, "sender"),
        route_of(letter.recipient.address, "recipient"),
        data,
        _is_international(letter),
    )


def _words(letter: Letter) -> EmailMessage:
    """Return the message of a letter without its files; raises BadLetter."""
    message = EmailMessage(_INTERNATIONAL if _is_international(letter) else _PLAIN)
    _write_headers(message, letter)
    message.set_content(_body(letter.text, "text"))
    if letter.html is not None:
        message.add_alternative(_body(letter.html, "html"), subtype="html")
    _separate(message, letter.message_id)
    return message


def _with_files(words: bytes, files: Sequence[bytes], message_id: str) -> bytes:
    """Return a message of words with files behind them, each a part of its own."""
    head, _blank, body = words.partition(b"\r\n\r\n")
    outside: list[bytes] = []
    inside: list[bytes] = []
    for header in _HEADER_START.split(head):
        (inside if header.lower().startswith(_OF_THE_WORDS) else outside).append(header)
    mark = f"=_{hashlib.sha256(f'{message_id} files'.encode()).hexdigest()[:40]}".encode()
    first = b"\r\n".join(inside) + b"\r\n\r\n" + body
    outside.append(
        b'MIME-Version: 1.0\r\nContent-Type: multipart/mixed;\r\n boundary="' + mark + b'"'
    )
    sections = b"".join(b"\r\n--" + mark + b"\r\n" + part for part in (first, *files))
    return b"\r\n".join(outside) + b"\r\n" + sections + b"\r\n--" + mark + b"--\r\n"


class _WholeHeader(UnstructuredHeader, BaseHeader):
    """A header that machines read: its one long word is not broken into encoded pieces."""

    def fold(self, *, policy: Policy) -> str:
        return f"{self.name}: {self}{policy.linesep}"


_HEADERS = HeaderRegistry()
_HEADERS.map_to_type("List-Unsubscribe", _WholeHeader)
_PLAIN = SMTP.clone(cte_type="7bit", header_factory=_HEADERS)
_INTERNATIONAL = _PLAIN.clone(utf8=True)


def _is_international(letter: Letter) -> bool:
    named = {"sender": letter.sender, "recipient": letter.recipient, "reply_to": letter.reply_to}
    return any(
        route_of(mailbox.address, field).is_international
        for field, mailbox in named.items()
        if mailbox is not None
    )


def _write_headers(message: EmailMessage, letter: Letter) -> None:
    if not _MESSAGE_ID.fullmatch(letter.message_id) or len(letter.message_id) > _LONGEST_WORD:
        raise BadLetter(WhyBad.MESSAGE_ID, "message_id")
    if letter.date.tzinfo is None:
        raise BadLetter(WhyBad.DATE, "date")
    message["From"] = header_address(letter.sender, "sender")
    message["To"] = header_address(letter.recipient, "recipient")
    if letter.reply_to is not None:
        message["Reply-To"] = header_address(letter.reply_to, "reply_to")
    message["Subject"] = plain_text(letter.subject, "subject").strip()
    message["Date"] = letter.date
    message["Message-ID"] = letter.message_id
    if letter.unsubscribe is not None:
        message["List-Unsubscribe"] = _unsubscribe(letter.unsubscribe)
    if letter.is_automatic:
        message["Auto-Submitted"] = "auto-generated"


def _unsubscribe(address: str) -> str:
    if not _MAILTO.fullmatch(address) or len(address) > _LONGEST_WORD:
        raise BadLetter(WhyBad.UNSUBSCRIBE, "unsubscribe")
    return f"<{address}>"


def _body(text: str, field: str) -> str:
    if any(ord(one) < ord(" ") and one not in _TEXT_SIGNS for one in text):
        raise BadLetter(WhyBad.CONTROL_CHARACTER, field)
    return real_text(text, field)


def _part(attachment: Attachment, parts: Parts | None) -> bytes:
    """Return a file as a part of a message; raises BadLetter where it cannot be one."""
    name = plain_text(attachment.name, "attachment").replace("/", "-").replace("\\", "-")
    if not _MEDIA_TYPE.fullmatch(attachment.media_type):
        raise BadLetter(WhyBad.MEDIA_TYPE, name)
    content = attachment.content
    if isinstance(content, bytes):
        return part_of(name, attachment.media_type, content)
    try:
        return (parts or Parts()).of_file(name, attachment.media_type, content, content.read_bytes)
    except OSError as error:
        raise BadLetter(WhyBad.ATTACHMENT, attachment.name) from error


def _separate(message: EmailMessage, message_id: str) -> None:
    """Give the parts the lines that divide them; left to itself the library draws them by lot."""
    for number, part in enumerate(message.walk()):
        if part.is_multipart():
            mark = hashlib.sha256(f"{message_id} {number}".encode()).hexdigest()
            part.set_boundary(f"=_{mark[:40]}")


def _least_size(letter: Letter) -> int:
    """Return what the message takes at least, without reading a file."""
    files = sum(_length(attachment) for attachment in letter.attachments)
    return len(letter.text) + len(letter.html or "") + files * 4 // 3


def _length(attachment: Attachment) -> int:
    if isinstance(attachment.content, bytes):
        return len(attachment.content)
    try:
        if not attachment.content.is_file():
            raise BadLetter(WhyBad.ATTACHMENT, attachment.name)
        return attachment.content.stat().st_size
    except OSError as error:
        raise BadLetter(WhyBad.ATTACHMENT, attachment.name) from error


def _check_size(size: int, largest: int) -> None:
    if size > largest:
        sizes = f"{size / 1_000_000:.1f} MB, {largest / 1_000_000:.1f} MB are allowed"
        raise BadLetter(WhyBad.TOO_LARGE, sizes)
