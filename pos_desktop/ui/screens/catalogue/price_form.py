"""Which prices are to change, and how: what is typed before anything is seen of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.money import parse_amount
from pos_desktop.domain.percent import BasisPoints, parse_percent
from pos_desktop.domain.price_rule import LONGEST_LABEL, PRICE_ENDINGS, PriceRule, PriceWay
from pos_desktop.domain.product import ProductChoice
from pos_desktop.domain.supplier import Supplier
from pos_desktop.domain.text import _
from pos_desktop.ui.kit.choice import Choice
from pos_desktop.ui.kit.form import Form, FormField
from pos_desktop.ui.kit.known_field import KnownField
from pos_desktop.ui.screens.catalogue.price_words import ending_words
from pos_desktop.ui.screens.catalogue.product_form import meant_supplier

_WAYS = {
    "more percent": (PriceWay.PERCENT, 1),
    "less percent": (PriceWay.PERCENT, -1),
    "more": (PriceWay.AMOUNT, 1),
    "less": (PriceWay.AMOUNT, -1),
    "margin": (PriceWay.MARGIN, 1),
}
"""The ways as they are offered, with the sign of what is typed."""
_ENDING = "5"
"""The coins of the day: what is offered first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceWish:
    """Which products, and by what rule."""

    choice: ProductChoice
    rule: PriceRule
    margin_below: BasisPoints | None


class PriceForm(Form):
    """Asks for products and rule."""

    def __init__(self, categories: Sequence[str], suppliers: Sequence[Supplier]) -> None:
        self._suppliers = {one.form.name: one.id for one in suppliers}
        everything = _("Empty: all of them")
        self.category = KnownField(_("Category"), categories, hint=everything)
        self.supplier = KnownField(_("Supplier"), list(self._suppliers), hint=everything)
        self.words = FormField(_("Words of the name"), hint=everything)
        self.margin = FormField(_("Only with a margin below (%)"), hint=_("May be empty"))
        self.way = Choice(_("How"), columns=len(_WAYS))
        self.value = FormField(_("How much"), hint=_("Such as 10, or 2.50"))
        self.ending = Choice(_("Rounded"), columns=len(PRICE_ENDINGS))
        self.label = FormField(
            _("What for"), hint=_("Kept with the change; may be empty"), longest=LONGEST_LABEL
        )
        super().__init__(
            _("Change prices"),
            (
                (self.category, self.supplier),
                (self.words, self.margin),
                self.way,
                self.value,
                self.ending,
                self.label,
            ),
        )
        self.way.show_choices(_way_titles(), next(iter(_WAYS)))
        self.ending.show_choices([(one, ending_words(one)) for one in PRICE_ENDINGS], _ENDING)

    def kept(self) -> tuple[str, ...]:
        """Return what was typed and chosen, part by part."""
        return tuple(part.key if isinstance(part, Choice) else part.text for part in self.parts)

    def begin_with(self, kept: Sequence[str]) -> None:
        """Begin with what was typed and chosen before."""
        for part, one in zip(self.parts, kept, strict=True):
            if isinstance(part, Choice):
                part.choose(one)
            else:
                part.show_text(one)

    def read(self) -> PriceWish:
        """Return the wish; raise Refused where a field says nothing that can be meant."""
        choice = ProductChoice(
            text=self.words.text,
            category=self._category(),
            supplier_id=meant_supplier(self.supplier, self._suppliers),
        )
        margin = self.margin.text.removesuffix("%")
        return PriceWish(
            choice=choice,
            rule=self._rule(),
            margin_below=parse_percent(margin) if margin else None,
        )

    def _category(self) -> str | None:
        if not self.category.text:
            return None
        if self.category.meant is None:
            raise Refused(
                _("There is no category {name}: type another, or leave it empty.").format(
                    name=self.category.text
                )
            )
        return self.category.meant

    def _rule(self) -> PriceRule:
        way, sign = _WAYS[self.way.key]
        text = self.value.text.removesuffix("%")
        if not text:
            self.go_to(self.value)
            raise Refused(_("Type how much: a number, such as 10."))
        value = parse_amount(text) if way is PriceWay.AMOUNT else parse_percent(text)
        return PriceRule(way=way, value=sign * value, ending=self.ending.key, label=self.label.text)


def _way_titles() -> list[tuple[str, str]]:
    titles = (_("% more"), _("% less"), _("More"), _("Less"), _("To a margin (%)"))
    return list(zip(_WAYS, titles, strict=True))
