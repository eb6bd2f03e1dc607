"""Words of a mail with fields in them, such as `Dear {name}`; checked before anybody gets them."""

from __future__ import annotations

import string
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.ids import Id
from pos_desktop.domain.text import _

COMMON_FIELDS = ("name", "shop", "shop_address", "date")
"""Fields that are known of every recipient."""
CUSTOMER_FIELDS = ("code", "balance")
"""Fields that are known of customers alone; the balance is what they owe."""
FIELDS = (*COMMON_FIELDS, *CUSTOMER_FIELDS)
LONGEST_NAME = 60
LONGEST_SUBJECT = 150
LONGEST_BODY = 50_000


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateForm:
    """What people set of a template; without HTML the text is sent as it is, and as paragraphs."""

    name: str
    subject: str
    body: str
    html: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailTemplate:
    """A template as it was read; `ver` says which state that was."""

    id: Id
    ver: int
    form: TemplateForm


def field_words() -> Mapping[str, str]:
    """Return what each field stands for, in words."""
    return {
        "name": _("the name of who gets it"),
        "shop": _("the name of the shop"),
        "shop_address": _("where the shop is"),
        "date": _("the date on which it goes out"),
        "code": _("the customer's code"),
        "balance": _("what the customer owes"),
    }


def fields_of(*texts: str) -> frozenset[str]:
    """Return the fields that stand in texts; raise Refused where braces do not close."""
    found: set[str] = set()
    for text in texts:
        found.update(name for _before, name in _pieces(text) if name is not None)
    return frozenset(found)


def check_fields(texts: Iterable[str], known: Iterable[str] = FIELDS) -> None:
    """Raise Refused for a field that nobody knows, or that these recipients have not."""
    known = tuple(known)
    for field in sorted(fields_of(*texts)):
        if field in known:
            continue
        if field in FIELDS:
            raise Refused(
                _(
                    "The field {{{field}}} is known of customers alone: take it out, or write to "
                    "customers only."
                ).format(field=field)
            )
        near = get_close_matches(field, known, n=1)
        hint = near[0] if near else ", ".join(known)
        raise Refused(
            _("There is no field {{{field}}}; did you mean {hint}?").format(field=field, hint=hint)
        )


def check_template(subject: str, body: str, html: str = "") -> None:
    """Raise Refused where a template cannot be sent as it is."""
    if not subject.strip():
        raise Refused(_("A mail has a subject: type it."))
    if not subject.isprintable() or len(subject) > LONGEST_SUBJECT:
        raise Refused(
            _("A subject is one line of at most {most} letters: shorten it.").format(
                most=LONGEST_SUBJECT
            )
        )
    if not body.strip():
        raise Refused(_("A mail has a text: type it."))
    if max(len(body), len(html)) > LONGEST_BODY:
        raise Refused(
            _("The text of a mail has at most {most} letters: shorten it.").format(
                most=LONGEST_BODY
            )
        )
    check_fields((subject, body, html))


def fill(text: str, values: Mapping[str, str], escape: Callable[[str], str] = str) -> str:
    """Return a text with its fields filled in; `escape` makes a value fit for HTML."""
    return "".join(
        before + ("" if name is None else escape(values[name])) for before, name in _pieces(text)
    )


def literal(text: str) -> str:
    """Return words that hold no fields, as a text in which braces mean themselves."""
    return text.replace("{", "{{").replace("}", "}}")


def _pieces(text: str) -> Iterable[tuple[str, str | None]]:
    """Yield the literal text before each field, and the field; None after the last."""
    try:
        for before, name, form, conversion in string.Formatter().parse(text):
            if form or conversion:
                raise ValueError
            yield before, name.strip() if name is not None else None
    except ValueError as error:
        raise Refused(
            _(
                "A brace opens a field, such as {{name}}, and must be closed; type a brace twice "
                "where the sign itself is meant."
            ).format()
        ) from error
