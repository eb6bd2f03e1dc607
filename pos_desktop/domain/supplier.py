"""A supplier: from whom goods come, how they are reached, and when they are paid."""

from __future__ import annotations

from dataclasses import dataclass, replace

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.ids import Id
from pos_desktop.domain.mail_address import check_email
from pos_desktop.domain.tax import parse_kra_pin
from pos_desktop.domain.text import _

LONGEST_TEXT = 200
LONGEST_NOTE = 1000
LONGEST_DAYS = 365


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplierForm:
    """What people set of a supplier."""

    name: str
    code: str | None = None
    contact: str = ""
    """The person to ask for."""
    phone: str = ""
    email: str = ""
    address: str = ""
    kra_pin: str = ""
    terms: str = ""
    """How it is paid, in words."""
    terms_days: int | None = None
    """Within how many days is paid; None where nothing is agreed."""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Supplier:
    """A supplier as it was read; `ver` says which state that was."""

    id: Id
    ver: int
    form: SupplierForm


def checked_supplier(form: SupplierForm) -> SupplierForm:
    """Return a form with single spaces, PIN and address in order; else raise Refused."""
    clean = replace(
        form,
        name=_tidy(form.name),
        code=_tidy(form.code or "") or None,
        contact=_tidy(form.contact),
        phone=_tidy(form.phone),
        email=check_email(form.email) if form.email.strip() else "",
        address=_tidy(form.address),
        kra_pin=parse_kra_pin(form.kra_pin) if form.kra_pin.strip() else "",
        terms=_tidy(form.terms),
        note=_tidy(form.note, LONGEST_NOTE),
    )
    if not clean.name:
        raise Refused(_("A supplier has a name: type it."))
    if form.terms_days is not None and not 0 <= form.terms_days <= LONGEST_DAYS:
        raise Refused(_("Type days of payment from 0 to {most}.").format(most=LONGEST_DAYS))
    return clean


def _tidy(text: str, most: int = LONGEST_TEXT) -> str:
    """Return a text with single spaces and without signs that nobody sees."""
    words = "".join(one for one in " ".join(text.split()) if one.isprintable())
    if len(words) > most:
        raise Refused(
            _("A text of a supplier has at most {most} letters: shorten it.").format(most=most)
        )
    return words
