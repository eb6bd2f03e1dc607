"""The basket: what a customer is about to buy.

All values are frozen; an operation returns a new basket, and one that a rule refuses changes
nothing. Prices include tax. What it all costs is worked out by `pricing`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.ids import Id
from pos_desktop.domain.money import LARGEST_AMOUNT, Cents, check_amount, format_amount
from pos_desktop.domain.percent import WHOLE, BasisPoints
from pos_desktop.domain.quantity import ONE, Thousandths, check_quantity, line_amount
from pos_desktop.domain.returns import Returns
from pos_desktop.domain.tax import DEFAULT_BAND, parse_kra_pin
from pos_desktop.domain.text import _

MOST_LINES = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A product as it was when it was scanned; later changes of the catalogue do not reach it."""

    product_id: Id
    code: str
    name: str
    price_cents: Cents
    barcode: str | None = None
    category: str | None = None
    unit: str = ""
    cost_cents: Cents | None = None
    """What the shop paid for one unit, where it is known."""
    tax_band: str = DEFAULT_BAND
    by_weight: bool = False
    """Weighed or measured: only such an item is sold in parts of its unit."""
    item_class: str | None = None
    unit_code: str | None = None
    packaging_code: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a basket; its key stays the same, and is never used again in that basket."""

    key: int
    item: Item
    quantity: Thousandths
    price_cents: Cents
    """The price of one unit, the item's own unless somebody set another."""
    discount_bp: BasisPoints = 0
    label_cents: Cents | None = None
    """The price printed on a weighed pack; it holds in place of price times quantity."""

    @property
    def full_cents(self) -> Cents:
        """What the line costs before any discount."""
        if self.label_cents is not None:
            return self.label_cents
        return line_amount(self.price_cents, self.quantity)

    def takes_more_of(self, item: Item) -> bool:
        """Tell whether more of an item may be counted here.

        A weighed item never: each weighing is a line, as each pack carries its own price.
        """
        plain = self.price_cents == self.item.price_cents and not self.discount_bp
        return self.item == item and plain and self.label_cents is None and not item.by_weight


@dataclass(frozen=True, slots=True, kw_only=True)
class Basket:
    """The lines of an open sale, in the order in which they were scanned."""

    lines: tuple[Line, ...] = ()
    selected: int | None = None
    """The key of the line that the next command is about; None while there is no line."""
    cart_discount_bp: BasisPoints = 0
    buyer_pin: str | None = None
    customer_id: Id | None = None
    next_key: int = 1
    returns: Returns | None = None
    """Goods that come back in the same go: a refund, or beside lines an exchange."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing is bought and nothing comes back."""
        return not self.lines and self.returns is None

    @property
    def returned_cents(self) -> Cents:
        """What the goods that come back are worth."""
        return self.returns.gross_cents if self.returns else 0

    @property
    def keys(self) -> tuple[int, ...]:
        """The keys of all lines as they are shown: what is bought, then what comes back."""
        return (*(line.key for line in self.lines), *self._returned_keys)

    @property
    def selected_return(self) -> int | None:
        """The key of the selected line where that is one that comes back."""
        return self.selected if self.selected in self._returned_keys else None

    @property
    def _returned_keys(self) -> tuple[int, ...]:
        return tuple(line.key for line in self.returns.lines) if self.returns else ()

    def take_back(self, returns: Returns) -> Basket:
        """Let goods come back in this go, instead of what came back before.

        The last of them becomes the selected line.
        """
        last = max(line.key for line in returns.lines)
        return replace(self, returns=returns, selected=last, next_key=max(self.next_key, last + 1))

    def add(
        self,
        item: Item,
        quantity: Thousandths = ONE,
        *,
        merge: bool = True,
        label_cents: Cents | None = None,
    ) -> Basket:
        """Put an item in; its line becomes the selected one.

        With merge, a line of the same item with neither a set price nor a discount counts it.
        A pack with a price label is always a line of its own. Raises Refused at a limit, and for
        a part of an item that is sold by the piece.
        """
        if merge and label_cents is None:
            for line in self.lines:
                if line.takes_more_of(item):
                    return self._with_line(replace(line, quantity=line.quantity + quantity))
        line = Line(
            key=self.next_key,
            item=item,
            quantity=quantity,
            price_cents=item.price_cents,
            label_cents=label_cents,
        )
        grown = replace(self, lines=(*self.lines, line), next_key=self.next_key + 1)
        return grown._with_line(line)  # noqa: SLF001 - another basket of this class

    def line(self, key: int | None = None) -> Line:
        """Return the line of a key, or the selected one; raises Refused where there is none."""
        key = self.selected if key is None else key
        for line in self.lines:
            if line.key == key:
                return line
        if key in self._returned_keys:
            raise Refused(_("This line comes back: Del takes it out of the cart again."))
        raise Refused(_("No line is selected: scan a product first."))

    def select(self, key: int) -> Basket:
        """Make a line the one that the next command is about, also one that comes back."""
        chosen = key if key in self._returned_keys else self.line(key).key
        return replace(self, selected=chosen)

    def set_quantity(self, quantity: Thousandths, key: int | None = None) -> Basket:
        """Set how much of a line is sold."""
        return self._with_line(replace(self.line(key), quantity=quantity, label_cents=None))

    def one_less(self, key: int | None = None) -> Basket:
        """Take one away; the last one, and a weighed one, takes its line along."""
        line = self.line(key)
        if line.item.by_weight or line.quantity <= ONE:
            return self.remove(line.key)
        return self._with_line(replace(line, quantity=line.quantity - ONE, label_cents=None))

    def discount_line(self, share: BasisPoints, key: int | None = None) -> Basket:
        """Set the discount of a line; 0 takes it back."""
        _check_share(share)
        return self._with_line(replace(self.line(key), discount_bp=share))

    def discount_cart(self, share: BasisPoints) -> Basket:
        """Set the discount on all that the lines cost after their own; 0 takes it back."""
        _check_share(share)
        return replace(self, cart_discount_bp=share)

    def discount_in_all(self, key: int | None = None) -> BasisPoints:
        """Return what a line's own discount and that of the cart come to, rounded up.

        Without a key it is that of the line with the highest; of no line that of the cart.
        """
        lines = self.lines if key is None else (self.line(key),)
        own = max((line.discount_bp for line in lines), default=0)
        return WHOLE - (WHOLE - own) * (WHOLE - self.cart_discount_bp) // WHOLE

    def set_price(self, price_cents: Cents, key: int | None = None) -> Basket:
        """Set the price of one unit of a line."""
        return self._with_line(replace(self.line(key), price_cents=price_cents, label_cents=None))

    def drop_return(self, key: int) -> Basket:
        """Take a line that comes back away: the customer keeps it."""
        if self.returns is None:
            return self
        kept = replace(self, returns=self.returns.without(key))
        if self.selected != key:
            return kept
        place = self.keys.index(key)
        return replace(kept, selected=_at_or_before(kept.keys, place))

    def remove(self, key: int | None = None) -> Basket:
        """Take a line away; the one that moves up in its place becomes the selected one."""
        place = self.lines.index(self.line(key))
        left = replace(self, lines=self.lines[:place] + self.lines[place + 1 :])
        keys = tuple(line.key for line in left.lines) or left.keys
        return replace(left, selected=_at_or_before(keys, place))

    def with_buyer(self, *, buyer_pin: str | None = None, customer_id: Id | None = None) -> Basket:
        """Say who buys: the PIN that goes on the invoice, the customer of the shop, or both.

        What is not named is taken back. Raises Refused where the PIN is none.
        """
        pin = parse_kra_pin(buyer_pin) if buyer_pin else None
        return replace(self, buyer_pin=pin, customer_id=customer_id)

    def _with_line(self, line: Line) -> Basket:
        check_line(line)
        lines = tuple(line if other.key == line.key else other for other in self.lines)
        basket = replace(self, lines=lines, selected=line.key)
        check_basket(basket)
        return basket


def _at_or_before(keys: tuple[int, ...], place: int) -> int | None:
    """Return the key at a place, else the last one; None where there is none."""
    return keys[min(place, len(keys) - 1)] if keys else None


def check_line(line: Line) -> None:
    """Raise Refused where a line breaks a limit or sells part of a piece."""
    check_quantity(line.quantity)
    if line.quantity % ONE and not line.item.by_weight:
        raise Refused(
            _("{name} is sold by the piece: type a whole number, such as 2*{code}.").format(
                name=line.item.name, code=line.item.code
            )
        )
    if line.price_cents < 0 or line.full_cents < 0:
        raise Refused(_("A price cannot be less than zero: type 0 or more."))
    check_amount(line.price_cents)
    if line.full_cents > LARGEST_AMOUNT:
        raise Refused(
            _("A line may cost at most {limit}: type a smaller quantity.").format(
                limit=format_amount(LARGEST_AMOUNT)
            )
        )
    _check_share(line.discount_bp)


def check_basket(basket: Basket) -> None:
    """Raise Refused where a basket is larger than one sale may be."""
    if len(basket.lines) > MOST_LINES:
        raise Refused(
            _("A sale has at most {most} lines: finish this one and start another.").format(
                most=MOST_LINES
            )
        )
    if sum(line.full_cents for line in basket.lines) > LARGEST_AMOUNT:
        raise Refused(
            _("A sale may come to at most {limit}: finish this one and start another.").format(
                limit=format_amount(LARGEST_AMOUNT)
            )
        )


def _check_share(share: BasisPoints) -> None:
    if not 0 <= share <= WHOLE:
        raise Refused(_("Type a discount from 0 to 100 percent."))
