"""What a person can tell the till: the commands that the grammar makes of a typed line.

Amounts are cents, quantities thousandths, discounts basis points.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from pos_desktop.domain.money import Cents
from pos_desktop.domain.percent import BasisPoints
from pos_desktop.domain.quantity import Thousandths
from pos_desktop.domain.receipt_number import ReceiptNumber
from pos_desktop.domain.shift import CashDirection
from pos_desktop.domain.tender import TenderKind


@dataclass(frozen=True, slots=True)
class Sell:
    """Sell a product by its barcode or code; without a quantity one, or what its label says."""

    code: str
    quantity: Thousandths | None = None


@dataclass(frozen=True, slots=True)
class SetQuantity:
    """Set the quantity of the selected line."""

    quantity: Thousandths


@dataclass(frozen=True, slots=True)
class OneLess:
    """Take one off the selected line."""


@dataclass(frozen=True, slots=True)
class LineDiscount:
    """Set the discount of the selected line; 0 takes it back."""

    share: BasisPoints


@dataclass(frozen=True, slots=True)
class CartDiscount:
    """Set the discount on the cart; 0 takes it back."""

    share: BasisPoints


@dataclass(frozen=True, slots=True)
class SetPrice:
    """Set the price of one unit on the selected line."""

    price_cents: Cents


@dataclass(frozen=True, slots=True)
class PriceCheck:
    """Show what a product costs without selling it."""

    code: str


@dataclass(frozen=True, slots=True)
class Search:
    """Look for products by name or code; an empty text opens the search."""

    text: str


@dataclass(frozen=True, slots=True)
class NewItem:
    """Add a product for a code that no product has, and sell it. The price is in cents."""

    code: str
    name: str
    price_cents: Cents
    tax_band: str
    quantity: Thousandths | None = None


@dataclass(frozen=True, slots=True)
class Pay:
    """Go on to the payment."""


@dataclass(frozen=True, slots=True)
class Nothing:
    """A blank line or a comment."""


@dataclass(frozen=True, slots=True)
class Login:
    """Sign a person in."""

    user: str
    pin: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Logout:
    """Sign the person out."""


@dataclass(frozen=True, slots=True)
class Approve:
    """A manager allows the command that was just refused, for a reason where one was given."""

    user: str
    pin: str = field(repr=False)
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ShiftOpen:
    """Open a shift with a float in the drawer."""

    float_cents: Cents


@dataclass(frozen=True, slots=True)
class ShiftClose:
    """Close the shift with the count of its drawer.

    `pieces` are the notes and coins, where they were counted one by one: value and how many of
    it. `reason` says why the count is off.
    """

    counted_cents: Cents
    pieces: tuple[tuple[Cents, int], ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class CountAgain:
    """Throw a count of the drawer away, to count it once more."""

    counted_cents: Cents


@dataclass(frozen=True, slots=True)
class OpenDrawer:
    """Open the drawer without a sale."""

    reason: str


@dataclass(frozen=True, slots=True)
class CashMove:
    """Put cash into the drawer or take it out."""

    direction: CashDirection
    amount_cents: Cents
    reason: str


@dataclass(frozen=True, slots=True)
class Void:
    """Take the selected line away."""


@dataclass(frozen=True, slots=True)
class Clear:
    """Take the whole cart away."""


@dataclass(frozen=True, slots=True)
class GiveBack:
    """Give back what was paid of the open sale; the sale stays."""


@dataclass(frozen=True, slots=True)
class Hold:
    """Put the cart aside, under a name or a label that the till makes."""

    name: str | None = None


@dataclass(frozen=True, slots=True)
class Recall:
    """Bring a held cart back: by its name, or the last one."""

    name: str | None = None


@dataclass(frozen=True, slots=True)
class TakePrices:
    """Let what was scanned cost what the catalogue says now."""


@dataclass(frozen=True, slots=True)
class SetCustomer:
    """Say which customer of the shop buys, by code or phone; None takes it back."""

    code: str | None


@dataclass(frozen=True, slots=True)
class PayCash:
    """Pay with cash; without an amount exactly what is due."""

    amount_cents: Cents | None = None


@dataclass(frozen=True, slots=True)
class PayMpesa:
    """Ask a customer's phone for a payment; without an amount all that is due."""

    phone: str
    amount_cents: Cents | None = None


@dataclass(frozen=True, slots=True)
class TakeMpesa:
    """Pay with what has come by M-Pesa for the open cart, by its receipt or our reference."""

    reference: str


@dataclass(frozen=True, slots=True)
class PayMpesaCode:
    """Pay with an M-Pesa payment that the customer made himself, by its code."""

    code: str
    amount_cents: Cents | None = None


@dataclass(frozen=True, slots=True)
class EndMpesa:
    """End the open cart's attempt in doubt: the phone shows neither prompt nor message."""


@dataclass(frozen=True, slots=True)
class PayCard:
    """Pay by card, with the reference of the bank's terminal."""

    amount_cents: Cents
    reference: str


@dataclass(frozen=True, slots=True)
class PayCredit:
    """Put it on the customer's account; without an amount all that is due."""

    amount_cents: Cents | None = None


@dataclass(frozen=True, slots=True)
class PayVoucher:
    """Pay with a voucher, by its code; without an amount as much as it can."""

    code: str
    amount_cents: Cents | None = None


@dataclass(frozen=True, slots=True)
class PayBack:
    """Give money back for what came back, by a kind of tender; without an amount all of it.

    A kind that the shop's rule does not name has to be approved.
    """

    kind: TenderKind
    amount_cents: Cents | None = None
    reference: str = ""


@dataclass(frozen=True, slots=True)
class PayOnAccount:
    """A customer pays of what they owe: by cash, or by card with its reference."""

    amount_cents: Cents
    card_reference: str = ""


@dataclass(frozen=True, slots=True)
class SellVoucher:
    """Sell a voucher: for cash, or by card with its reference."""

    amount_cents: Cents
    card_reference: str = ""


@dataclass(frozen=True, slots=True)
class TakeBack:
    """Let goods of a receipt come back into the cart: by number of line and quantity, or all."""

    receipt: ReceiptNumber
    lines: tuple[tuple[int, Thousandths], ...] = ()


@dataclass(frozen=True, slots=True)
class TakeBackItem:
    """Let goods come back into the cart that no receipt proves."""

    code: str
    quantity: Thousandths


@dataclass(frozen=True, slots=True)
class TakeBackItems:
    """Let several goods come back at once that no receipt proves: one approval is for all."""

    items: tuple[tuple[str, Thousandths], ...]
    """The code and the quantity of each."""


@dataclass(frozen=True, slots=True)
class Refund:
    """Take goods of a receipt back and give their money back, as the shop's rule says.

    Where a sale is open they come into its cart instead: an exchange.
    """

    receipt: ReceiptNumber
    lines: tuple[tuple[int, Thousandths], ...] = ()


@dataclass(frozen=True, slots=True)
class Reprint:
    """Print a receipt again; without a number the last one."""

    receipt: ReceiptNumber | None = None


@dataclass(frozen=True, slots=True)
class ShowX:
    """Show the figures of the shift or day as they stand."""


@dataclass(frozen=True, slots=True)
class CloseDay:
    """Close the business day with a Z."""


@dataclass(frozen=True, slots=True)
class LeaveTill:
    """End the program where the till is a kiosk; no line of a play says it."""


@dataclass(frozen=True, slots=True)
class SetClock:
    """Set the clock of the till, for a replay; the time is naive, in the shop's zone."""

    at: datetime


BoxCommand = (
    Sell
    | SetQuantity
    | OneLess
    | LineDiscount
    | CartDiscount
    | SetPrice
    | PriceCheck
    | Search
    | Pay
)
"""What the box of the sell screen takes."""

Command = (
    BoxCommand
    | Nothing
    | Login
    | Logout
    | Approve
    | ShiftOpen
    | ShiftClose
    | CountAgain
    | OpenDrawer
    | CashMove
    | Void
    | Clear
    | GiveBack
    | Hold
    | Recall
    | TakePrices
    | SetCustomer
    | PayCash
    | PayMpesa
    | PayMpesaCode
    | TakeMpesa
    | EndMpesa
    | PayCard
    | PayCredit
    | PayVoucher
    | PayBack
    | PayOnAccount
    | SellVoucher
    | TakeBack
    | TakeBackItem
    | TakeBackItems
    | Refund
    | Reprint
    | ShowX
    | CloseDay
    | LeaveTill
    | SetClock
    | NewItem
)
"""What the till carries out: what a line of `posctl play` says, and a new item."""
