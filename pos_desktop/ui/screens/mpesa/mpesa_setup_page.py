"""How the shop's M-Pesa is set up: its number and keys, and whether that works."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.text import _
from pos_desktop.services.mpesa.setup.call_check import call_words
from pos_desktop.services.mpesa.setup.mpesa_setup import MpesaKey
from pos_desktop.services.mpesa.setup.setup_check import MOST_STEPS
from pos_desktop.ui.kit.acts import Act
from pos_desktop.ui.kit.tile import Rank
from pos_desktop.ui.screens.mpesa.mpesa_setup_form import MpesaSetupForm
from pos_desktop.ui.screens.office.office import Office
from pos_desktop.ui.screens.office.setup_page import SetupPage
from pos_desktop.ui.screens.office.steps_view import StepsView

K = Qt.Key


class MpesaSetupPage(SetupPage):
    """The settings of M-Pesa on the left, what a test of them has found on the right."""

    def __init__(self, office: Office) -> None:
        self.fields = MpesaSetupForm()
        steps = StepsView(_("The way to M-Pesa"), MOST_STEPS)
        super().__init__(office, _("M-Pesa setup"), self.fields, steps)
        self.offer(
            Act(
                key=K.Key_F8,
                title=_("Save"),
                help=_("Save this; so does Ctrl Enter"),
                rank=Rank.FIRST,
                do=self.save,
            ),
            Act(
                key=K.Key_F7,
                title=_("Save and test"),
                help=_("Save this, and go all the way to M-Pesa and the relay; nobody is charged"),
                do=lambda: self.save_and(self._test),
            ),
            Act(
                key=K.Key_F6,
                title=_("Register"),
                help=_("Tell M-Pesa, once, where it reports to, and that its list is wanted"),
                do=lambda: self.save_and(self._register),
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

    def forget_keys(self) -> None:
        """Take away what was typed as keys."""
        self.fields.forget_keys()

    def _kept(self) -> frozenset[MpesaKey]:
        setup = self.office.shop.mpesa.setup
        return frozenset(key for key in self.fields.keys if setup.key(key))

    def save_and(self, then: Callable[[], None]) -> None:
        """Save what was typed, all of it or nothing, and do this then."""
        setup, actor, keys = (
            self.office.shop.mpesa.setup,
            self.office.actor,
            self.fields.typed_keys(),
        )

        def keep() -> frozenset[MpesaKey]:
            if keys:
                setup.put_keys(keys, actor=actor)
            return self._kept()

        def done(kept: frozenset[MpesaKey]) -> None:
            self.fields.show_kept(kept)
            self.fields.show_address(self.office.shop.configuration)
            then()

        self.write(self.fields.read, keep, done)

    def _test(self) -> None:
        tries, actor = self.office.shop.mpesa.setup_check, self.office.actor
        self.go_all_the_way(
            lambda: tries.try_all(actor=actor),
            _("M-Pesa is being tried: a slow line takes up to a minute …"),
            self.say_whether(_("M-Pesa can be taken: every step is in order.")),
        )

    def _register(self) -> None:
        registering, actor = self.office.shop.mpesa.registering, self.office.actor
        phone = self.fields.phone.text
        self.go_all_the_way(
            lambda: registering.register_all(phone, actor=actor),
            _("M-Pesa is being asked: a slow line takes up to a minute …"),
            lambda _all_ok: None,
            lambda error: error if isinstance(error, Refused) else Refused(call_words(error)),
        )
