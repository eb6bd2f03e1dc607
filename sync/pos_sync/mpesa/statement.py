"""A statement of the organisation's portal, row by row: what was paid, and what went back.

The portal puts lines about the account before the table, and totals behind it; columns come in any
order, amounts with thousands told apart, and times day first, or year first where a spreadsheet has
saved the file again. A row that cannot be read is told with its number, and stops no other.

What is not a customer's payment is told by the words of its kind: settlements, charges, transfers.
Where those say nothing, money that came in counts as a payment, and a person sees it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TypeAlias

from pos_sync.http.json_objects import text_of
from pos_sync.mpesa.amounts import read_signed_cents
from pos_sync.mpesa.callbacks import RECEIPT
from pos_sync.mpesa.nairobi import EAT, read_written
from pos_sync.mpesa.payer import UNKNOWN_PAYER, Payer, read_payer

Cells: TypeAlias = Sequence[object]
NumberedRow: TypeAlias = tuple[int, Cells | None]
"""A row with its number in the file; None for one that could not be cut into cells."""

_HEAD_ROWS = 60
"""So many rows may stand before the table."""
_LONGEST = 200
_NAMES: Mapping[str, tuple[str, ...]] = {
    "receipt": ("receiptno", "receipt", "receiptnumber", "transactionid", "transid"),
    "at": ("completiontime", "completedtime", "completiondate", "transactiontime", "date"),
    "status": ("transactionstatus", "status"),
    "paid": ("paidin", "credit", "amountpaidin"),
    "withdrawn": ("withdrawn", "withdrawal", "debit", "paidout"),
    "details": ("details", "description", "narration"),
    "reason": ("reasontype", "transactiontype"),
    "party": ("otherpartyinfo", "otherparty", "oppositeparty"),
    "linked": ("linkedtransactionid", "linkedreceiptno", "originaltransactionid"),
    "reference": ("acno", "accountno", "accountnumber", "billrefnumber", "billreference"),
}
_NEEDED = ("receipt", "at", "paid")
_DONE = frozenset({"completed", "complete"})
_REVERSAL = re.compile(r"revers", re.IGNORECASE)
_OWN = re.compile(
    r"settle|withdraw|charge|float|organi[sz]ation|transfer|deposit|interest|adjust|salary|promotion"
    r"|disburs|loan|commission|airtime|funds received|business payment",
    re.IGNORECASE,
)
"""Kinds of rows that are money of the shop's own, and no customer's payment."""
_BEFORE_PARTY = re.compile(r"\s(?:from|to|by)\s|\s-\s", re.IGNORECASE)
_REFERENCE = re.compile(
    r"\bacc(?:ount)?\b\.?(?:\s*(?:no|number)\b\.?)?[\s:]*(\S.{0,38})$", re.IGNORECASE
)
_FROM = re.compile(r"\bfrom\s+(.{1,120}?)(?:\s+acc(?:ount)?\b.*)?$", re.IGNORECASE)
_PARTY = re.compile(r"\s*(\+?[0-9][0-9* ]{7,14}[0-9])\s*(?:-\s*(.*))?")
_RECEIPT_IN_WORDS = re.compile(r"\b(?=[A-Z0-9]*[0-9])(?=[A-Z0-9]*[A-Z])[A-Z0-9]{10}\b")
_LOCAL = re.compile(r"^0(?=[17])")
_NUMBER_LABEL = re.compile(r"short\s?code|pay\s?bill|till|store", re.IGNORECASE)
_SHORT_CODE = re.compile(r"(?<![0-9])[0-9]{5,7}(?![0-9])")
_EPOCH_OF_SHEETS = datetime(1899, 12, 30, tzinfo=EAT)
_SHEET_DAYS = (30_000, 80_000)
"""Days of a spreadsheet that are this century's; other numbers are no dates."""


class Fault(StrEnum):
    """Why a row cannot be read."""

    LINE = "line"
    """It cannot be cut into cells."""
    RECEIPT = "receipt"
    """It has no receipt, or something else in its place."""
    TIME = "time"
    AMOUNT = "amount"
    REVERSED = "reversed"
    """It gives a payment back, and does not say which."""


class Passed(StrEnum):
    """Why a row that can be read brings no payment."""

    NOT_DONE = "not_done"
    """It was not completed."""
    OWN = "own"
    """Settlements, charges and transfers."""
    OUT = "out"
    """Nothing came in by it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementPayment:
    """A payment by a customer."""

    line: int
    receipt: str
    amount_cents: int
    at: datetime
    reference: str = ""
    payer: Payer = UNKNOWN_PAYER
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementReversal:
    """A payment that M-Pesa has given back."""

    line: int
    receipt: str
    """Of the payment, not of what has given it back."""
    amount_cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PassedRow:
    """A row that brings no payment."""

    line: int
    why: Passed


@dataclass(frozen=True, slots=True, kw_only=True)
class BadRow:
    """A row that cannot be read."""

    line: int
    fault: Fault
    value: str = ""
    """What stands where something else should."""


StatementRow: TypeAlias = StatementPayment | StatementReversal | PassedRow | BadRow


class NotAStatement(Exception):
    """The table has not the columns of a statement."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement that has begun to be read."""

    rows: Iterator[StatementRow]
    short_codes: frozenset[str]
    """The shop's numbers that stand before the table; none where the portal did not say."""


def read_statement(rows: Iterable[NumberedRow]) -> Statement:
    """Return a statement whose rows stream; raises NotAStatement."""
    rows = iter(rows)
    codes: set[str] = set()
    for _count, (_number, cells) in zip(range(_HEAD_ROWS), rows, strict=False):
        places = _places(cells or ())
        if places is not None:
            return Statement(_read(rows, places), frozenset(codes))
        codes |= _short_codes(cells or ())
    raise NotAStatement


def _places(cells: Cells) -> dict[str, int] | None:
    """Return where each column is; None where this is no header."""
    titles = [re.sub(r"[^a-z]", "", text_of(one, _LONGEST).lower()) for one in cells]
    places = {
        field: titles.index(found)
        for field, names in _NAMES.items()
        if (found := next((name for name in names if name in titles), None)) is not None
    }
    return places if all(one in places for one in _NEEDED) else None


def _short_codes(cells: Cells) -> set[str]:
    words = " ".join(text_of(one, _LONGEST) for one in cells)
    return set(_SHORT_CODE.findall(words)) if _NUMBER_LABEL.search(words) else set()


def _read(rows: Iterator[NumberedRow], places: Mapping[str, int]) -> Iterator[StatementRow]:
    for line, cells in rows:
        if cells is None:
            yield BadRow(line=line, fault=Fault.LINE)
            continue
        row = _Row(line, cells, places)
        if not row.is_blank and (read := row.read()) is not None:
            yield read


class _Row:
    """A row below the header."""

    def __init__(self, line: int, cells: Cells, places: Mapping[str, int]) -> None:
        self._line = line
        self._cells = cells
        self._places = places

    @property
    def is_blank(self) -> bool:
        return not any(one not in (None, "") and str(one).strip() for one in self._cells)

    def read(self) -> StatementRow | None:
        """Return what the row says; None for totals and for a header once more."""
        if _places(self._cells) is not None:
            return None
        receipt, paid = self._text("receipt").upper(), self._cents("paid")
        if not RECEIPT.fullmatch(receipt):
            return self._without_receipt()
        if self._text("status").lower() not in _DONE and "status" in self._places:
            return PassedRow(line=self._line, why=Passed.NOT_DONE)
        if self._is_reversal(paid):
            return self._reversal(paid)
        if paid is None:
            return self._bad(Fault.AMOUNT, "paid")
        if paid <= 0 or _OWN.search(self._own_kind):
            return PassedRow(line=self._line, why=Passed.OWN if paid > 0 else Passed.OUT)
        return self._payment(receipt, paid)

    def _payment(self, receipt: str, cents: int) -> StatementRow:
        at = _moment(self._cell("at"))
        if at is None:
            return self._bad(Fault.TIME, "at")
        payer, name = self._party()
        return StatementPayment(
            line=self._line,
            receipt=receipt,
            amount_cents=cents,
            at=at,
            reference=self._reference(),
            payer=payer,
            name=name,
        )

    def _without_receipt(self) -> BadRow | None:
        """Return the fault; None where the row has no time either: it is a sum or a remark."""
        return None if _moment(self._cell("at")) is None else self._bad(Fault.RECEIPT, "receipt")

    def _reversal(self, paid: int | None) -> StatementRow:
        linked = self._text("linked").upper()
        if not RECEIPT.fullmatch(linked):
            found = _RECEIPT_IN_WORDS.search(self._text("details").upper())
            linked = found[0] if found else ""
        cents = abs(self._cents("withdrawn") or paid or 0)
        if not linked or not cents:
            return self._bad(Fault.REVERSED, "details")
        return StatementReversal(line=self._line, receipt=linked, amount_cents=cents)

    def _is_reversal(self, paid: int | None) -> bool:
        """Tell by the portal's own column; without it by the details of what takes money out.

        A customer types what stands in the details of a payment.
        """
        if reason := self._text("reason"):
            return bool(_REVERSAL.search(reason))
        return not (paid and paid > 0) and bool(_REVERSAL.search(self._words))

    @property
    def _own_kind(self) -> str:
        """The column for it, where that is filled: words may name a customer."""
        return self._text("reason") or self._words

    @property
    def _words(self) -> str:
        """The details up to names of people and accounts."""
        return _BEFORE_PARTY.split(self._text("details"), maxsplit=1)[0]

    def _reference(self) -> str:
        if given := self._text("reference", 40):
            return given
        found = _REFERENCE.search(self._text("details"))
        return found[1].strip() if found else ""

    def _party(self) -> tuple[Payer, str]:
        party = self._text("party")
        if not party and (found := _FROM.search(self._text("details"))):
            party = found[1]
        found = _PARTY.fullmatch(party)
        if found is None:
            return UNKNOWN_PAYER, party[:60].strip(" -")
        number = _LOCAL.sub("254", found[1].replace(" ", ""), count=1)
        return read_payer(number), (found[2] or "").strip()[:60]

    def _bad(self, fault: Fault, field: str) -> BadRow:
        return BadRow(line=self._line, fault=fault, value=self._text(field)[:60])

    def _cents(self, field: str) -> int | None:
        """Return an amount, 0 where nothing stands there, None where that is none."""
        return read_signed_cents(text) if (text := self._text(field)) else 0

    def _text(self, field: str, most: int = _LONGEST) -> str:
        cell = self._cell(field)
        return text_of(repr(cell) if isinstance(cell, float) else cell, most)

    def _cell(self, field: str) -> object:
        place = self._places.get(field)
        return None if place is None or place >= len(self._cells) else self._cells[place]


def _moment(cell: object) -> datetime | None:
    """Return a moment, UTC, from a text, or from the number of a spreadsheet's day."""
    if isinstance(cell, float):
        if not _SHEET_DAYS[0] <= cell <= _SHEET_DAYS[1]:
            return None
        return (_EPOCH_OF_SHEETS + timedelta(seconds=round(cell * 86_400))).astimezone(UTC)
    return read_written(cell)
