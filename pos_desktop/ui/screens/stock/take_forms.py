"""What is asked when a stock take begins, and when it ends."""

from __future__ import annotations

from collections.abc import Sequence

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.stock_take import Uncounted
from pos_desktop.domain.text import _
from pos_desktop.ui.kit import fonts
from pos_desktop.ui.kit.choice import Choice
from pos_desktop.ui.kit.form import Form
from pos_desktop.ui.kit.known_field import KnownField
from pos_desktop.ui.kit.tokens import Type
from pos_desktop.ui.kit.wrapped_text import WrappedText

_YES, _NO = "yes", "no"


class BeginForm(Form):
    """What is counted, and whether those who count see what the books say."""

    def __init__(self, categories: Sequence[str]) -> None:
        self._category = KnownField(
            _("Category"), categories, hint=_("Empty: the whole shop is counted")
        )
        self.blind = Choice(_("Those who count see what the books say"), columns=2)
        super().__init__(_("Stock take"), (self._category, self.blind))
        self.blind.show_choices([(_YES, _("Yes")), (_NO, _("No, a blind count"))], _YES)

    @property
    def is_blind(self) -> bool:
        """Whether nobody who counts sees what the books say."""
        return self.blind.key == _NO

    def category(self) -> str | None:
        """Return the category, None for the whole shop; raise Refused for one there is not."""
        if not self._category.text:
            return None
        if self._category.meant is None:
            raise Refused(
                _("There is no category {name}: type another, or leave it empty.").format(
                    name=self._category.text
                )
            )
        return self._category.meant


class FinishForm(Form):
    """What becomes of the products that nobody has counted."""

    def __init__(self, summary: str) -> None:
        """Take what the counts come to."""
        self._uncounted = Choice(_("Products that nobody has counted"), columns=2)
        super().__init__(_("End the stock take"), (self._uncounted,))
        self._uncounted.show_choices(
            [
                (Uncounted.LEFT.value, _("stay as the books have them")),
                (Uncounted.ZERO.value, _("are gone: there are none")),
            ],
            Uncounted.LEFT.value,
        )
        note = WrappedText(fonts.regular(Type.TEXT), most=6)
        note.show_text(summary)
        self.explain(note)

    @property
    def uncounted(self) -> Uncounted:
        """What was chosen."""
        return Uncounted(self._uncounted.key)
