"""A message says what the letter said, and nobody can slip a header of their own into it."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pos_sync.mail.addresses import Mailbox, route_of
from pos_sync.mail.errors import BadLetter, WhyBad
from pos_sync.mail.message import Attachment, Letter, seal
from pos_sync.mail.parts import Parts

from tests.pos_sync.mail.scene import MARY, SHOP, letter

PDF = Attachment("report.pdf", "application/pdf", b"%PDF-1.7 \r\n\0\xff.\r\n")
LINE_BREAKS = ["\n", "\r", "\r\n", "\u2028", "\u2029", "\x85", "\x0b", "\x0c", "\x1c"]
UNSEEN = [*LINE_BREAKS, "\0", "\t", "\x1b", "\x7f"]
NAMES = st.text(
    st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=120
)  # fmt: skip


def read_back(sent: Letter) -> EmailMessage:
    """Return the message as a mail program reads it."""
    message = message_from_bytes(seal(sent).data, policy=policy.default)
    assert isinstance(message, EmailMessage)
    assert not message.defects
    return message


def text_of(message: EmailMessage, kind: str = "plain") -> str:
    body = message.get_body((kind,))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def test_everything_of_a_letter_comes_out_of_its_message() -> None:
    everything = letter(
        html="<p>Asante sana, Wanjikũ</p>\n",
        reply_to=Mailbox("", "owner@duka.test"),
        attachments=[PDF, Attachment("Mauzo ya Ngũgĩ – Ñandú.csv", "text/csv", b"a;b\r\n")],
        unsubscribe="mailto:stop@duka.test?subject=unsubscribe%20" + "a1" * 100,
        is_automatic=True,
    )
    message = read_back(everything)
    assert message["From"].addresses[0].display_name == SHOP.name
    assert message["To"].addresses[0].display_name == MARY.name
    assert message["To"].addresses[0].addr_spec == MARY.address
    assert message["Reply-To"] == "owner@duka.test"
    assert message["Subject"] == "Your receipt"
    assert message["Date"].datetime == everything.date
    assert message["Message-ID"] == "<1@duka.test>"
    assert message["List-Unsubscribe"] == f"<{everything.unsubscribe}>"
    assert b"<mailto:stop@duka.test?subject=unsubscribe%20a1" in seal(everything).data
    assert message["Auto-Submitted"] == "auto-generated"
    assert text_of(message) == everything.text
    assert text_of(message, "html") == everything.html
    got = [(part.get_filename(), part.get_payload(decode=True))
           for part in message.iter_attachments()]  # fmt: skip
    assert got == [(one.name, one.content) for one in everything.attachments]


def test_a_plain_letter_is_one_plain_part() -> None:
    message = read_back(letter())
    assert message.get_content_type() == "text/plain"
    assert "Auto-Submitted" not in message
    assert "List-Unsubscribe" not in message
    assert "Reply-To" not in message


def test_the_same_letter_makes_the_same_bytes() -> None:
    several = letter(html="<p>x</p>", attachments=[PDF])
    assert seal(several).data == seal(several).data


def test_a_message_is_ascii_in_short_lines() -> None:
    long = letter(text="Wanjikũ " * 500, html="x" * 5000, subject="ñ" * 300, attachments=[PDF])
    data = seal(long).data
    assert data.isascii()
    assert max(map(len, data.split(b"\r\n"))) <= 78
    assert b"\r" not in data.replace(b"\r\n", b"")
    assert b"\n" not in data.replace(b"\r\n", b"")


@settings(max_examples=60, deadline=None)
@given(name=NAMES, subject=NAMES, file=NAMES.filter(str.strip))
@example(name="=?", subject="=?", file="=?")
def test_any_text_without_control_characters_comes_back(name: str, subject: str, file: str) -> None:
    message = read_back(
        letter(
            recipient=Mailbox(name, MARY.address),
            subject=subject,
            attachments=[replace(PDF, name=file)],
        )
    )
    assert message["To"].addresses[0].addr_spec == MARY.address
    assert shown(message["To"].addresses[0].display_name) == shown(name)
    assert shown(message["Subject"]) == shown(subject)
    (attached,) = message.iter_attachments()
    found = attached.get_filename() or ""
    assert found == found.strip()
    assert shown(found) == shown(file).replace("/", "-").replace("\\", "-")


def shown(text: str) -> str:
    """Return a text as it looks: how many blanks there are is lost in a header.

    What looks like coded words gets a blank, so that nobody decodes it.
    """
    return "".join(text.split())


FIELDS = ["sender", "recipient", "reply_to", "sender name", "recipient name", "reply_to name",
          "subject", "attachment", "message_id", "unsubscribe"]  # fmt: skip


def spoiled(field: str, text: str) -> Letter:
    """Return a letter with a text in the middle of one field of its headers."""
    values: dict[str, dict[str, Any]] = {
        "subject": {"subject": f"a{text}b"},
        "attachment": {"attachments": [replace(PDF, name=f"a{text}b.pdf")]},
        "message_id": {"message_id": f"<a{text}b@duka.test>"},
        "unsubscribe": {"unsubscribe": f"mailto:a{text}b@duka.test"},
    }
    if field in values:
        return letter(**values[field])
    key, _, name = field.partition(" ")
    mailbox = Mailbox(f"a{text}b", MARY.address) if name else Mailbox("", f"a{text}b@people.test")
    return letter(**{key: mailbox})


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("sign", [*UNSEEN, "\r\nBcc: thief@evil.test\r\n\r\n", "\ud800"])
def test_no_header_takes_a_line_break_or_another_control_character(field: str, sign: str) -> None:
    with pytest.raises(BadLetter) as bad:
        seal(spoiled(field, sign))
    assert str(bad.value).endswith(".")
    assert str(bad.value)[0].isupper()


@pytest.mark.parametrize("field", ["sender name", "recipient name", "subject", "attachment"])
@pytest.mark.parametrize(
    "code",
    ["=?utf-8?q?x=0D=0ABcc:_thief=40evil.test?=", "=?utf-8?q?=0D=0A=0D=0Ax?=", "=?utf-8?b?////?="],
)
def test_a_word_in_code_is_written_as_it_stands(field: str, code: str) -> None:
    message = read_back(spoiled(field, f" {code} "))
    assert message["Bcc"] is None
    assert message["Subject"] is not None
    assert message["To"].addresses[0].addr_spec == MARY.address
    assert shown(code).replace("/", "-") in shown(str(message)).replace("/", "-")


@pytest.mark.parametrize("field", ["sender", "recipient", "reply_to"])
def test_an_address_takes_no_word_in_code(field: str) -> None:
    with pytest.raises(BadLetter):
        seal(spoiled(field, "=?utf-8?q?x=0D=0ABcc=3Ay?="))


@pytest.mark.parametrize("field", ["text", "html"])
@pytest.mark.parametrize("sign", ["\0", "\x1b", "\ud800"])
def test_no_text_takes_what_no_mail_may_hold(field: str, sign: str) -> None:
    with pytest.raises(BadLetter):
        seal(letter(**{field: f"a{sign}b"}))


@pytest.mark.parametrize(
    "address",
    ["", "mary", "@people.test", "mary@", "ma ry@people.test", "mary@people@people.test",
     "mary@peo ple.test", "<mary@people.test>", "mary@people..test", "mary@-people.test",
     "mary@127.0.0.1", "mary@[127.0.0.1]", "ma..ry@people.test", '"mary"@people.test',
     "mary@people.test>", "mary@people_.test", "m" * 65 + "@people.test",
     "mary@" + "p" * 64 + ".ke", "mary@" + ".".join(["people"] * 50), "mary@straße.test",
     "mary@a／b.test", "mary\u00a0@people.test", "mary,john@people.test"],
)  # fmt: skip
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(BadLetter) as bad:
        seal(letter(recipient=Mailbox("", address)))
    assert bad.value.why in (WhyBad.ADDRESS, WhyBad.DOMAIN)
    assert bad.value.field == "recipient"


def test_foreign_domains_cross_the_network_in_ascii() -> None:
    sealed = seal(letter(recipient=Mailbox("", "mary@Bücher.Test")))
    assert str(sealed.recipient) == "mary@xn--bcher-kva.test"
    assert not sealed.is_international
    assert b"To: mary@xn--bcher-kva.test\r\n" in sealed.data


def test_foreign_names_before_the_at_need_a_server_that_takes_them() -> None:
    sealed = seal(letter(recipient=Mailbox("Wanjikũ", "wanjiku\u0303@people.test")))
    assert sealed.is_international
    assert str(sealed.recipient) == "wanjikũ@people.test"
    message = message_from_bytes(sealed.data, policy=policy.default.clone(utf8=True))
    assert "wanjikũ@people.test" in str(message["To"])


def test_addresses_as_people_have_them_are_taken() -> None:
    for address in ("m.w+shop@mail.co.ke", "o'brien@people.test", "1@a.b", "मेरी@people.test",
                    "root@localhost"):  # fmt: skip
        assert str(route_of(address, "recipient")) == address


def test_a_date_without_a_zone_is_refused() -> None:
    with pytest.raises(BadLetter, match="time zone"):
        seal(letter(date=datetime(2026, 11, 27)))  # noqa: DTZ001 - what is refused


@pytest.mark.parametrize("kind", ["pdf", "message/rfc822", "multipart/mixed", "text/x\r\nA: b"])
def test_only_files_are_attached(kind: str) -> None:
    with pytest.raises(BadLetter) as bad:
        seal(letter(attachments=[replace(PDF, media_type=kind)]))
    assert bad.value.why is WhyBad.MEDIA_TYPE


def test_files_are_read_when_the_message_is_built(tmp_path: Path) -> None:
    file = tmp_path / "z.pdf"
    file.write_bytes(b"of today")
    (attached,) = read_back(
        letter(attachments=[Attachment("../z/1.pdf", "application/pdf", file)])
    ).iter_attachments()
    assert attached.get_content() == b"of today"
    assert attached.get_filename() == "..-z-1.pdf"


@pytest.mark.parametrize("name", ["gone.pdf", "."])
def test_a_file_that_cannot_be_read_is_said(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadLetter, match="Report cannot be read"):
        seal(letter(attachments=[Attachment("report", "application/pdf", tmp_path / name)]))


def test_what_is_too_large_is_said_before_it_is_read(tmp_path: Path) -> None:
    huge = tmp_path / "huge.pdf"
    with huge.open("wb") as file:
        file.truncate(50_000_000)
    with pytest.raises(BadLetter) as bad:
        seal(letter(attachments=[Attachment("huge.pdf", "application/pdf", huge)]))
    assert bad.value.why is WhyBad.TOO_LARGE
    assert str(bad.value) == (
        "The mail is too large (66.7 MB, 20.0 MB are allowed): attach less, or smaller files."
    )


def test_what_grows_too_large_while_it_is_built_is_refused() -> None:
    with pytest.raises(BadLetter) as bad:
        seal(letter(text="ũ" * 1000), largest=3000)
    assert bad.value.why is WhyBad.TOO_LARGE


def test_a_file_is_read_once_for_all_who_get_it_until_it_changes(tmp_path: Path) -> None:
    path, parts = tmp_path / "prices.csv", Parts()
    path.write_bytes(b"sugar;165\r\n")
    attached = letter(attachments=[Attachment("prices.csv", "text/csv", path)])
    first = seal(attached, parts=parts).data
    assert first == seal(attached).data
    changed = seal(replace(attached, message_id="<2@duka.test>"), parts=parts).data
    assert b"c3VnYXI7MTY1" in changed
    path.write_bytes(b"sugar;170 \r\n")
    assert b"c3VnYXI7MTcw" in seal(attached, parts=parts).data


def test_parts_are_kept_up_to_a_bound(tmp_path: Path) -> None:
    parts, read = Parts(most_bytes=3000), list[str]()

    def of(name: str) -> bytes:
        path = tmp_path / name
        path.write_bytes(b"x" * 1000)
        os.utime(path, ns=(1, 1))

        def content() -> bytes:
            read.append(name)
            return path.read_bytes()

        return parts.of_file(name, "text/plain", path, content)

    for name in ("a", "b", "a", "c", "a", "b"):
        of(name)
    assert read == ["a", "b", "c", "b"]
