"""The chosen line of the doctor in full: what is so, and what to do."""

from __future__ import annotations

from pos_desktop.domain.text import _, again
from pos_desktop.services.doctor.finding import Finding, State, state_words
from pos_desktop.ui.kit import fonts
from pos_desktop.ui.kit.card import INSIDE, Card
from pos_desktop.ui.kit.labels import label
from pos_desktop.ui.kit.layouts import column
from pos_desktop.ui.kit.list_row import ListRow
from pos_desktop.ui.kit.pill import Tone
from pos_desktop.ui.kit.tokens import Space, Type
from pos_desktop.ui.kit.wrapped_text import WrappedText

_MOST_LINES = 3
_TONES = {State.OK: Tone.OK, State.NOTE: Tone.QUIET, State.BROKEN: Tone.DANGER}


class FindingView(Card):
    """Shows one line without cutting it."""

    def __init__(self) -> None:
        self.title = label(font=fonts.strong(Type.TEXT))
        self.detail = WrappedText(fonts.regular(Type.SMALL), most=_MOST_LINES)
        self.advice = WrappedText(fonts.regular(Type.TEXT), most=_MOST_LINES)
        parts = (self.title, self.detail, self.advice)
        super().__init__(_("The chosen line"), column(*parts, gap=Space.STEP, margins=INSIDE))

    def show_finding(self, finding: Finding | None) -> None:
        """Show a line; None hides the view."""
        self.setVisible(finding is not None)
        if finding is not None:
            self.title.setText(again(finding.title))
            self.detail.show_text(again(finding.detail))
            self.advice.show_text(again(finding.advice))
            self.advice.setVisible(bool(finding.advice))


def finding_row(place: int, finding: Finding) -> ListRow:
    """Return a line of the list; a word stands beside those that are not in order."""
    is_ok = finding.state is State.OK
    return ListRow(
        key=place,
        title=again(finding.title),
        note=again(finding.detail),
        chip="" if is_ok else state_words(finding.state),
        tone=_TONES[finding.state],
        faded=is_ok,
    )
