"""A page of settings with keys: saved whole, and tried by going all the way."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.text import _
from pos_desktop.services.check_step import CheckStep
from pos_desktop.settings import Setting
from pos_desktop.ui.kit.form import Form
from pos_desktop.ui.kit.pill import Tone
from pos_desktop.ui.kit.strip import Notice
from pos_desktop.ui.screens.office.form_page import FormPage
from pos_desktop.ui.screens.office.office import Office
from pos_desktop.ui.screens.office.steps_view import StepsView

T = TypeVar("T")


class SetupPage(FormPage):
    """The settings on the left, what a test of them has found on the right."""

    def __init__(self, office: Office, title: str, form: Form, steps: StepsView) -> None:
        super().__init__(office, title, form)
        self.steps = steps
        self.beside.addWidget(steps, 2)
        self._busy = False
        self.form.done.connect(self.save)

    def leave(self) -> None:
        """Leave the page; keys that were typed only are gone."""
        self.forget_keys()
        super().leave()

    def refuse(self, error: Exception) -> None:
        """Say why something was not done; all that was typed stays."""
        self._busy = False
        super().refuse(error)

    @abstractmethod
    def forget_keys(self) -> None:
        """Take away what was typed as keys."""

    @abstractmethod
    def save_and(self, then: Callable[[], None]) -> None:
        """Save what was typed, all of it or nothing, and do this then."""

    def save(self) -> None:
        """Save what was typed, all of it or nothing."""
        self.save_and(lambda: self.say(_("Saved. F7 tries whether it works.")))

    def write(
        self,
        read: Callable[[], Sequence[tuple[Setting[Any], Any]]],
        keep: Callable[[], T],
        done: Callable[[T], None],
    ) -> None:
        """Save the settings that `read` returns and what `keep` keeps beside them, on the lane."""
        values = self.typed(read)
        if values is None or self._busy:
            return
        shop, actor = self.office.shop, self.office.actor
        self._busy = True

        def work() -> T:
            shop.configuration.change(values, shop.books, actor=actor)
            return keep()

        def saved(kept: T) -> None:
            self._busy = False
            self.forget_keys()
            done(kept)

        self.ask(work, saved)

    def go_all_the_way(
        self,
        steps: Callable[[], Sequence[CheckStep]],
        meanwhile: str,
        done: Callable[[bool], None],
        fault: Callable[[Exception], Refused | None] = lambda _error: None,
    ) -> None:
        """Take steps beside the lane: they last as long as the servers let them.

        `meanwhile` is said until they are shown; `done` learns whether all that is needed is in
        order; `fault` says in words what has stopped them.
        """
        self._busy = True
        self.say(None)
        self.steps.show_words(meanwhile)

        def shown(found: Sequence[CheckStep]) -> None:
            self._busy = False
            # what has to be done first: a narrow window shows no more at once
            self.steps.show_steps(sorted(found, key=lambda step: (step.ok, not step.is_needed)))
            done(not any(step.is_in_the_way for step in found))

        def failed(error: Exception) -> None:
            self.steps.show_words("")
            self.refuse(fault(error) or error)

        self.office.long_work.run(steps, shown, failed)

    def say_whether(self, words: str) -> Callable[[bool], None]:
        """Return what says these words where every step is in order, else where to look."""

        def done(all_ok: bool) -> None:  # noqa: FBT001 - what the steps have come to
            text = _("A step is not in order: beside the form stands what to do.")
            self.say(words if all_ok else Notice(text, Tone.DANGER))

        return done
