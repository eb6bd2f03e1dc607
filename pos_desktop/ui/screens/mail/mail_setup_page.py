"""How the shop's mail is set up: by which server it goes out, and whether that works."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt

from pos_desktop.domain.text import _
from pos_desktop.ui.kit.acts import Act
from pos_desktop.ui.kit.tile import Rank
from pos_desktop.ui.screens.mail.mail_setup_form import MailSetupForm
from pos_desktop.ui.screens.office.office import Office
from pos_desktop.ui.screens.office.setup_page import SetupPage
from pos_desktop.ui.screens.office.steps_view import StepsView

K = Qt.Key
_MOST_STEPS = 6


class MailSetupPage(SetupPage):
    """The settings of mail on the left, what a test of them has found on the right."""

    def __init__(self, office: Office) -> None:
        self.fields = MailSetupForm()
        steps = StepsView(_("The way to the mail server"), _MOST_STEPS)
        super().__init__(office, _("Mail setup"), self.fields, steps)
        self._keeps_password = False
        self._offer()

    def _offer(self) -> None:
        forget = Act(
            key=K.Key_F6,
            title=_("Forget the password"),
            help=_("Take the password of the mail server away from the shop's keys"),
            do=self._forget_password,
        )
        self.offer(
            Act(
                key=K.Key_F8,
                title=_("Save"),
                help=_("Save this; mail that waited for it goes out. So does Ctrl Enter"),
                rank=Rank.FIRST,
                do=self.save,
            ),
            Act(
                key=K.Key_F7,
                title=_("Save and test"),
                help=_("Save this, and go all the way to the server; no mail is sent"),
                do=lambda: self.save_and(self._test),
            ),
            *((forget,) if self._keeps_password else ()),
            self.letters_act(),
        )

    def begin(self) -> None:
        """Show the settings as they are."""
        setup = self.office.shop.mail.setup
        self.fields.show_settings(self.office.shop.configuration)
        self.steps.show_words(
            _("F7 tries the server, step by step, and says what to do where one fails.")
        )
        self.form.begin()
        self.ask(lambda: setup.password() is not None, self._show_kept)

    def forget_keys(self) -> None:
        """Take away a password that was typed."""
        self.fields.password.show_text("")

    def _show_kept(self, kept: bool) -> None:  # noqa: FBT001 - what the lane has found
        self._keeps_password = kept
        self.fields.show_kept(kept=kept)
        self._offer()

    def save_and(self, then: Callable[[], None]) -> None:
        """Save what was typed, all of it or nothing; mail that waited for it goes out."""
        setup, actor = self.office.shop.mail.setup, self.office.actor
        password = self.fields.password.text

        def keep() -> bool:
            if password:
                setup.set_password(password, actor=actor)
            else:
                setup.changed()
            return setup.password() is not None

        def done(kept: bool) -> None:  # noqa: FBT001 - what the lane has found
            self._show_kept(kept)
            then()

        self.write(self.fields.read, keep, done)

    def _test(self) -> None:
        setup, actor = self.office.shop.mail.setup, self.office.actor
        self.go_all_the_way(
            lambda: setup.check(actor=actor),
            _("The server is being tried: a slow one takes up to half a minute …"),
            self.say_whether(_("Mail can go out: every step is in order.")),
        )

    def _forget_password(self) -> None:
        setup, actor = self.office.shop.mail.setup, self.office.actor

        def done(_gone: None) -> None:
            self._show_kept(kept=False)
            self.say(_("The password is taken away."))

        self.ask(lambda: setup.set_password("", actor=actor), done)
