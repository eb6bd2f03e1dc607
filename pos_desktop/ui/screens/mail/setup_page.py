"""How the shop's mail is set up: by which server it goes out, and whether that works."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt

from pos_desktop.domain.text import _
from pos_desktop.services.check_step import CheckStep
from pos_desktop.ui.kit.acts import Act
from pos_desktop.ui.kit.pill import Tone
from pos_desktop.ui.kit.strip import Notice
from pos_desktop.ui.kit.tile import Rank
from pos_desktop.ui.screens.mail.setup_form import SetupForm
from pos_desktop.ui.screens.office.form_page import FormPage
from pos_desktop.ui.screens.office.office import Office
from pos_desktop.ui.screens.office.steps_view import StepsView

K = Qt.Key
_MOST_STEPS = 6


class SetupPage(FormPage):
    """The settings of mail on the left, what a test of them has found on the right."""

    def __init__(self, office: Office) -> None:
        self.fields = SetupForm()
        super().__init__(office, _("Mail setup"), self.fields)
        self.steps = StepsView(_("The way to the mail server"), _MOST_STEPS)
        self.beside.addWidget(self.steps, 2)
        self._keeps_password = False
        self._busy = False
        self.form.done.connect(self._save)
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
                do=self._save,
            ),
            Act(
                key=K.Key_F7,
                title=_("Save and test"),
                help=_("Save this, and go all the way to the server; no mail is sent"),
                do=self._save_and_test,
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

    def leave(self) -> None:
        """Leave the page; a password that was typed only is gone."""
        self.fields.password.show_text("")
        super().leave()

    def _show_kept(self, kept: bool) -> None:  # noqa: FBT001 - what the lane has found
        self._keeps_password = kept
        self.fields.show_kept(kept=kept)
        self._offer()

    def _save(self) -> None:
        self._write(lambda: self.say(_("Saved. F7 tries whether it works.")))

    def _write(self, then: Callable[[], None]) -> None:
        """Save what was typed, all of it or nothing; mail that waited for it goes out."""
        values = self.typed(self.fields.read)
        if values is None or self._busy:
            return
        shop, actor, password = self.office.shop, self.office.actor, self.fields.password.text
        configuration, setup = shop.configuration, shop.mail.setup
        self._busy = True

        def work() -> bool:
            for setting, value in values:
                if configuration.get(setting) != value:
                    configuration.set(setting, value, shop.books, actor=actor)
            if password:
                setup.set_password(password, actor=actor)
            else:
                setup.changed()
            return setup.password() is not None

        def done(kept: bool) -> None:  # noqa: FBT001 - what the lane has found
            self._busy = False
            self.fields.password.show_text("")
            self._show_kept(kept)
            then()

        self.ask(work, done)

    def refuse(self, error: Exception) -> None:
        """Say why something was not done; all that was typed stays."""
        self._busy = False
        super().refuse(error)

    def _save_and_test(self) -> None:
        self._write(self._test)

    def _test(self) -> None:
        """Go to the server beside the lane: it takes as long as the server lets it."""
        setup, actor = self.office.shop.mail.setup, self.office.actor
        self._busy = True
        self.say(None)
        self.steps.show_words(
            _("The server is being tried: a slow one takes up to half a minute …")
        )

        def done(steps: Sequence[CheckStep]) -> None:
            self._busy = False
            self.steps.show_steps(steps)
            if all(step.ok for step in steps):
                self.say(_("Mail can go out: every step is in order."))
            else:
                text = _("A step has failed: beside the form stands what to do.")
                self.say(Notice(text, Tone.DANGER))

        def failed(error: Exception) -> None:
            self.steps.show_words("")
            self.refuse(error)

        self.office.long_work.run(lambda: setup.check(actor=actor), done, failed)

    def _forget_password(self) -> None:
        setup, actor = self.office.shop.mail.setup, self.office.actor

        def done(_gone: None) -> None:
            self._show_kept(kept=False)
            self.say(_("The password is taken away."))

        self.ask(lambda: setup.set_password("", actor=actor), done)
