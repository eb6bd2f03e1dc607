"""The words of a mail for one recipient: filled in, as text and as HTML."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.mail import Fate, MailKind, receipt_of
from pos_desktop.domain.mail_template import FIELDS, fill
from pos_desktop.domain.text import _, joined, ngettext
from pos_desktop.services.background.said import Said
from pos_desktop.storage.mails import Mail

_PAGE = """<!doctype html>
<html><head><meta charset="utf-8"><title>{title}</title></head>
<body style="font-family:sans-serif;font-size:15px;line-height:1.45;color:#1b1f24;margin:24px">
{body}
</body></html>
"""
_END_OF_BODY = re.compile("</body", re.IGNORECASE)
_WRONG = (Fate.FAILED, Fate.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Words:
    """What stands in a mail."""

    subject: str
    text: str
    html: str


def words(
    subject: str, body: str, page: str, values: Mapping[str, str], *, foot: str = ""
) -> Words:
    """Return a mail's words with its fields filled in; without a page the text becomes one.

    The foot is the shop's own, and stands below text and page.
    """
    title = " ".join(fill(subject, values).split())
    text = fill(body, values)
    inside = fill(page, values, html.escape) if page else _paragraphs(text)
    if foot:
        text = f"{text.rstrip()}\n\n{foot}"
    return Words(title, text, _footed(_whole(title, inside), foot))


def way_out() -> str:
    """Return what stands below a mailing: how to get no more of them."""
    return _("To get no more such mail, answer with the word unsubscribe, or tell the shop.")


def paper_page(title: str, paper: str) -> str:
    """Return a paper as HTML, in letters of one width."""
    style = "font-family:monospace;font-size:14px;line-height:1.3"
    return _whole(title, f'<pre style="{style}">{html.escape(paper)}</pre>')


def sent_result(
    mail: Mail, counts: Mapping[Fate, int], shop: str, *, is_over: bool, reason: str
) -> dict[str, Any]:
    """Return as plain values what a job has done for a mail.

    The `reason` is why its first recipient has not got it; empty where they have.
    """
    subject = subject_words(mail.subject, shop)
    about = {"mail": mail.number, "subject": subject, "is_over": is_over}
    if mail.kind is MailKind.RECEIPT:
        about |= {"receipt": receipt_of(mail.about), "reason": reason}
    return about | {fate.value: count for fate, count in counts.items()}


def sent_sentence(result: Mapping[str, Any]) -> Said | None:
    """Say what became of a mail, from `sent_result`.

    None while a job is not the last of it, and of a receipt that has gone out.
    """
    if not result.get("is_over"):
        return None
    counts = {fate: result[fate] for fate in Fate if result.get(fate)}
    if "receipt" in result and len(counts) == 1:
        (fate,) = counts
        # that it goes out was said when it was sent: a message to read is for what went wrong
        return None if fate is Fate.SENT else _receipt_said(result, fate)
    said = _("Mail {number}, “{subject}”: {counts}.").format(
        number=result["mail"],
        subject=result["subject"],
        counts=counts_words(counts, wrong_first=True) or _("for nobody"),
    )
    failed = _("The page E-mail shows who: F4 there writes to them once more.")
    unknown = _("The page E-mail shows of whom it is not known: ask one before F8 sends it again.")
    steps = (failed if Fate.FAILED in counts else "", unknown if Fate.UNKNOWN in counts else "")
    return Said(joined(" ", (said, *steps)), is_partly=any(steps))


def _receipt_said(result: Mapping[str, Any], fate: Fate) -> Said:
    """Say what became of a receipt, to whoever stands at the till and can ask the customer."""
    text = _(
        "Receipt {receipt} did not go out by e-mail: {why}. Print it, or ask for the address again."
    )
    if fate is Fate.UNKNOWN:
        text = _(
            "Receipt {receipt} may have gone out by e-mail, or not: {why}. Ask the customer "
            "before it is sent again."
        )
    why = result["reason"].rstrip(".") or _("the mail server did not take it")
    return Said(text.format(receipt=result["receipt"], why=why), is_partly=True)


def counts_words(counts: Mapping[Fate, int], *, wrong_first: bool = False) -> str:
    """Say how many have which fate: 98 sent, 1 failed, 1 not known; or what went wrong first."""
    words = {
        Fate.SENT: _("{count:,} sent"),
        Fate.FAILED: _("{count:,} failed"),
        Fate.UNKNOWN: _("{count:,} not known"),
        Fate.WAITING: _("{count:,} waiting"),
        Fate.SENDING: _("{count:,} being sent"),
        Fate.SKIPPED: _("{count:,} left out"),
    }
    order = sorted(words, key=lambda fate: fate not in _WRONG) if wrong_first else words
    return joined(
        ", ", (words[fate].format(count=counts[fate]) for fate in order if counts.get(fate))
    )


def subject_words(subject: str, shop: str) -> str:
    """Return a subject as far as it is the same for everybody."""
    values = {field: f"{{{field}}}" for field in FIELDS} | {"shop": shop}
    try:
        return fill(subject, values)
    except (Refused, KeyError):
        return subject


def again_sentence(count: int) -> str:
    """Say how many are written to once more."""
    if not count:
        return _("No mail waits again.")
    words = ngettext("{count:,} mail waits again.", "{count:,} mails wait again.", count)
    return words.format(count=count)


def _paragraphs(text: str) -> str:
    parts = [part.strip() for part in text.replace("\r\n", "\n").split("\n\n")]
    return "\n".join(
        f"<p>{html.escape(part).replace(chr(10), '<br>')}</p>" for part in parts if part
    )


def _footed(page: str, foot: str) -> str:
    if not foot:
        return page
    below = f'<p style="color:#5b6470;font-size:13px">{html.escape(foot)}</p>'
    ends = [*_END_OF_BODY.finditer(page)]
    at = ends[-1].start() if ends else len(page)
    return f"{page[:at]}{below}{page[at:]}"


def _whole(title: str, inside: str) -> str:
    if "<html" in inside.lower():
        return inside
    return _PAGE.format(title=html.escape(title), body=inside)
