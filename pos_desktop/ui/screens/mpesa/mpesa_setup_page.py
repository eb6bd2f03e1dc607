"""How the shop's M-Pesa is set up: its number and keys, and whether that works."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.text import _
from pos_desktop.services.check_step import CheckStep
from pos_desktop.services.mpesa.mpesa_check import call_words
from pos_desktop.services.mpesa.mpesa_setup import MpesaKey
from pos_desktop.services.mpesa.setup_check import MOST_STEPS
from pos_desktop.ui.kit.acts import Act
from pos_desktop.ui.kit.pill import Tone
from pos_desktop.ui.kit.strip import Notice
from pos_desktop.ui.kit.tile import Rank
from pos_desktop.ui.screens.mpesa.mpesa_setup_form import MpesaSetupForm
from pos_desktop.ui.screens.office.form_page import FormPage
from pos_desktop.ui.screens.office.office import Office
from pos_desktop.ui.screens.office.steps_view import StepsView

K = Qt.Key


class MpesaSetupPage(FormPage):
    """The settings of M-Pesa on the left, what a test of them has found on the right."""

    def __init__(self, office: Office) -> None:
        self.fields = MpesaSetupForm()
        super().__init__(office, _("M-Pesa setup"), self.fields)
        self.steps = StepsView(_("The way to M-Pesa"), MOST_STEPS)
        self.beside.addWidget(self.steps, 2)
        self._busy = False
        self.form.done.connect(self._save)
        self.offer(
            Act(
                key=K.Key_F8,
                title=_("Save"),
                help=_("Save this; so does Ctrl Enter"),
                rank=Rank.FIRST,
                do=self._save,
            ),
            Act(
                key=K.Key_F7,
                title=_("Save and test"),
                help=_("Save this, and go all the way to M-Pesa and the relay; nobody is charged"),
                do=lambda: self._write(self._test),
            ),
            Act(
                key=K.Key_F6,
                title=_("Register"),
                help=_("Tell M-Pesa, once, where it reports to, and that its list is wanted"),
                do=lambda: self._write(self._register),
            ),
            self.letters_act(),
        )

    def begin(self) -> None:
        """Show the settings as they are."""
        self.fields.show_settings(self.office.shop.configuration)
        self.steps.show_words(
            _("F7 tries everything, step by step, and says what to do where a step fails.")
        )
        self.form.begin()
        self.ask(self._kept, self.fields.show_kept)

    def leave(self) -> None:
        """Leave the page; keys that were typed only are gone."""
        self.fields.forget_keys()
        super().leave()

    def refuse(self, error: Exception) -> None:
        """Say why something was not done; all that was typed stays."""
        self._busy = False
        super().refuse(error)

    def _kept(self) -> frozenset[MpesaKey]:
        setup = self.office.shop.mpesa.setup
        return frozenset(key for key in self.fields.keys if setup.key(key))

    def _save(self) -> None:
        self._write(lambda: self.say(_("Saved. F7 tries whether it works.")))

    def _write(self, then: Callable[[], None]) -> None:
        """Save what was typed, all of it or nothing."""
        values = self.typed(self.fields.read)
        if values is None or self._busy:
            return
        shop, actor, keys = self.office.shop, self.office.actor, self.fields.typed_keys()
        configuration = shop.configuration
        self._busy = True

        def work() -> frozenset[MpesaKey]:
            for setting, value in values:
                if configuration.get(setting) != value:
                    configuration.set(setting, value, shop.books, actor=actor)
            if keys:
                shop.mpesa.setup.put_keys(keys, actor=actor)
            return self._kept()

        def done(kept: frozenset[MpesaKey]) -> None:
            self._busy = False
            self.fields.forget_keys()
            self.fields.show_kept(kept)
            then()

        self.ask(work, done)

    def _test(self) -> None:
        """Try it beside the lane: it takes as long as the servers let it."""
        tries, actor = self.office.shop.mpesa.setup_check, self.office.actor
        self._busy = True
        self.say(None)
        self.steps.show_words(_("M-Pesa is being tried: a slow line takes up to a minute …"))

        def done(steps: Sequence[CheckStep]) -> None:
            self._busy = False
            # what has to be done first: a narrow window shows no more at once
            self.steps.show_steps(sorted(steps, key=lambda step: step.ok))
            if all(step.ok for step in steps):
                self.say(_("M-Pesa can be taken: every step is in order."))
            else:
                text = _("A step is not in order: beside the form stands what to do.")
                self.say(Notice(text, Tone.DANGER))

        def failed(error: Exception) -> None:
            self.steps.show_words("")
            self.refuse(error)

        self.office.long_work.run(lambda: tries.try_all(actor=actor), done, failed)

    def _register(self) -> None:
        registering, actor = self.office.shop.mpesa.registering, self.office.actor
        phone = self.fields.phone.text
        self._busy = True
        self.say(None)
        self.steps.show_words(_("M-Pesa is being asked: a slow line takes up to a minute …"))

        def work() -> list[CheckStep]:
            return registering.register_all(phone, actor=actor)

        def done(steps: list[CheckStep]) -> None:
            self._busy = False
            self.steps.show_steps(steps)

        def failed(error: Exception) -> None:
            self.steps.show_words("")
            self.refuse(error if isinstance(error, Refused) else Refused(call_words(error)))

        self.office.long_work.run(work, done, failed)
