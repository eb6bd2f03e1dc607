"""What trying a setup has found, step by step, beside its form."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from pos_desktop.domain.text import _, capitalised
from pos_desktop.services.check_step import CheckStep
from pos_desktop.ui.kit import fonts
from pos_desktop.ui.kit.card import INSIDE, Card
from pos_desktop.ui.kit.labels import label
from pos_desktop.ui.kit.layouts import column
from pos_desktop.ui.kit.pill import Tone
from pos_desktop.ui.kit.spoken import ScrollArea
from pos_desktop.ui.kit.strip import Notice, Strip
from pos_desktop.ui.kit.tokens import Space, Type


class StepsView(Card):
    """The steps as far as they were gone."""

    def __init__(self, title: str, most: int) -> None:
        """Take how many steps there are at most."""
        self.words = label(tone="muted", wrap=True)
        self.strips = [Strip(_("Step")) for _place in range(most)]
        head = label(title, fonts.strong(Type.LABEL), tone="muted")
        scroll, inner = ScrollArea(), QWidget()
        inner.setLayout(column(self.words, *self.strips, 1, gap=Space.INSIDE))
        scroll.setAccessibleName(title)
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(inner)
        super().__init__(_("Test"), column(head, scroll, gap=Space.INSIDE, margins=INSIDE))

    def show_words(self, words: str) -> None:
        """Say this instead of steps."""
        self.show_steps(())
        self.words.setText(words)
        self.words.setVisible(bool(words))

    def show_steps(self, steps: Sequence[CheckStep]) -> None:
        """Show these steps."""
        self.words.hide()
        for place, strip in enumerate(self.strips):
            strip.say(_notice(steps[place]) if place < len(steps) else None)


def _notice(step: CheckStep) -> Notice:
    name = capitalised(step.step)
    if step.ok:
        return Notice(name, Tone.OK)
    if not step.is_needed:
        text = _("Not yet: {step}. {detail}")
        return Notice(text.format(step=step.step, detail=step.detail), Tone.QUIET)
    text = _("{step}: no. {detail}").format(step=name, detail=step.detail)
    return Notice(text, Tone.DANGER)
