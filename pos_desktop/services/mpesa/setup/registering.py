"""Tells M-Pesa, once for a number, where it reports payments to, and that its list is wanted."""

from __future__ import annotations

from collections.abc import Callable

from pos_sync.mpesa.addresses import confirmation_url, validation_url

from pos_desktop import settings
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.phone import parse_phone
from pos_desktop.domain.staff import Permission
from pos_desktop.domain.text import _
from pos_desktop.services.check_step import CheckStep
from pos_desktop.services.configuration import Configuration
from pos_desktop.services.mpesa.setup.call_check import call_words
from pos_desktop.services.mpesa.setup.daraja_line import DarajaLine
from pos_desktop.services.mpesa.setup.mpesa_setup import MpesaSetup
from pos_desktop.services.mpesa.setup.registered import Registered, another_words
from pos_desktop.services.mpesa.setup.setup_names import Names, window_names
from pos_desktop.services.people.acting import hand_of
from pos_desktop.services.people.sign_in import Person
from pos_desktop.storage.books import Books
from pos_desktop.storage.database import ShopDatabase


class NoReportAddress(Refused):
    """There is no address for reports: set up the relay first, then register the number."""


class Registering:
    """Registers the shop's number with M-Pesa; waits for the network, so not on a screen's thread.

    Each act raises MpesaNotSetUp and MpesaError. Of those CallRefused with REGISTERED says that it
    was done before: another address then needs the old one to be deleted in M-Pesa's portal.
    """

    def __init__(
        self,
        database: ShopDatabase,
        books: Books,
        configuration: Configuration,
        setup: MpesaSetup,
        daraja: DarajaLine,
    ) -> None:
        self._configuration = configuration
        self._database = database
        self._books = books
        self._setup = setup
        self._daraja = daraja

    def register_all(
        self, phone: str, names: Names | None = None, *, actor: Person | None
    ) -> list[CheckStep]:
        """Register both, and return what has come of each, in words; raises NoReportAddress.

        What to do is said with the names of the page, unless others are given.
        """
        hand_of(actor, Permission.SETTINGS)
        names = names or window_names()
        self._base()
        reports = _tried(
            _("M-Pesa reports here what customers pay"),
            lambda: self.register_confirmations(actor=actor),
            names,
            lambda step: self._registered_before(step, names),
        )
        listed = _tried(
            _("M-Pesa lists the shop's payments"),
            lambda: self.register_list(phone, actor=actor),
            names,
        )
        return [reports, listed]

    def register_confirmations(self, *, actor: Person | None) -> None:
        """Say where money is reported that customers pay by themselves; raises NoReportAddress."""
        hand = hand_of(actor, Permission.SETTINGS)
        base = self._base()
        self._daraja.calls().register_confirmations(confirmation_url(base), validation_url(base))
        wanted = Registered.wanted(self._setup)
        with self._database.write():
            self._configuration.set(
                settings.MPESA_REGISTERED, wanted.as_text(), self._books, actor=actor
            )
            self._books.note("mpesa confirmations registered", **hand.noted())

    def register_list(self, phone: str, *, actor: Person | None) -> None:
        """Ask for the list of payments; `phone` is the one in the account's papers.

        Raises NoReportAddress, and Refused for what is no phone.
        """
        hand = hand_of(actor, Permission.SETTINGS)
        nominated = parse_phone(phone)
        self._daraja.calls().register_pull(nominated, validation_url(self._base()))
        with self._database.write():
            self._books.note("mpesa list registered", **hand.noted())

    def _registered_before(self, step: str, names: Names) -> CheckStep:
        """Say where M-Pesa reports, which takes no other address for this number."""
        kept, wanted = Registered.kept(self._configuration), Registered.wanted(self._setup)
        if kept == wanted:
            return CheckStep(_("{step}: this address is registered").format(step=step), ok=True)
        if kept is not None and kept.number == wanted.number:
            return CheckStep(step, ok=False, detail=another_words(kept, wanted, names))
        if self._daraja.is_on_this_machine:
            return CheckStep(_("{step}: the simulator has done it").format(step=step), ok=True)
        detail = _(
            "An address is registered already, and not from this shop's file, so that nobody here "
            "knows which. Look into M-Pesa's portal: where it is that of {host}, nothing is to be "
            "done; else delete it there, then register again ({register})."
        )
        detail = detail.format(host=wanted.host, register=names["register"])
        return CheckStep(step, ok=False, detail=detail)

    def _base(self) -> str:
        base = self._setup.account.callback_url
        if not base:
            raise NoReportAddress
        return base


def _tried(
    words: str,
    act: Callable[[], None],
    names: Names,
    before: Callable[[str], CheckStep] | None = None,
) -> CheckStep:
    """Try it; `before` says what is so where M-Pesa was told before."""
    from pos_sync.mpesa.errors import CallRefused, MpesaError, WhyRefused

    try:
        act()
    except CallRefused as error:
        if error.why is WhyRefused.REGISTERED and before is not None:
            return before(words)
        return CheckStep(words, ok=False, detail=call_words(error, names))
    except MpesaError as error:
        return CheckStep(words, ok=False, detail=call_words(error, names))
    except Refused as error:
        return CheckStep(words, ok=False, detail=str(error))
    return CheckStep(words, ok=True)
