"""For which number and address M-Pesa was told where to report: kept by a digest."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from urllib.parse import urlsplit

from pos_desktop import settings
from pos_desktop.domain.text import _
from pos_desktop.services.check_step import CheckStep
from pos_desktop.services.configuration import Configuration
from pos_desktop.services.mpesa.setup.mpesa_setup import MpesaSetup
from pos_desktop.services.mpesa.setup.setup_names import Names

_DIGEST_LETTERS = 12


@dataclass(frozen=True, slots=True)
class Registered:
    """A number, and the address for its reports; of that no more than who shows it may know."""

    number: str
    host: str
    digest: str

    @classmethod
    def wanted(cls, setup: MpesaSetup) -> Registered:
        """Return what the shop would register now; MpesaNotSetUp where it has no number."""
        account = setup.account
        digest = hashlib.sha256(account.callback_url.encode()).hexdigest()[:_DIGEST_LETTERS]
        return cls(account.short_code, urlsplit(account.callback_url).netloc, digest)

    @classmethod
    def kept(cls, configuration: Configuration) -> Registered | None:
        """Return what was registered last from this shop; None where nothing was."""
        parts = configuration.get(settings.MPESA_REGISTERED).split(" ")
        return cls(*parts) if len(parts) == 3 else None

    def as_text(self) -> str:
        """Return it as the setting keeps it."""
        return f"{self.number} {self.host} {self.digest}"

    def words(self) -> str:
        """Say where M-Pesa reports."""
        return _("number {number}, to {host}, digest {digest}").format(
            number=self.number, host=self.host, digest=self.digest
        )


def registered_step(setup: MpesaSetup, configuration: Configuration, names: Names) -> CheckStep:
    """Tell whether M-Pesa was told to report where this shop reads; asks nobody."""
    words = _("M-Pesa was told where to report")
    kept, wanted = Registered.kept(configuration), Registered.wanted(setup)
    if kept == wanted:
        return CheckStep(
            _("M-Pesa was told where to report: {what}").format(what=kept.words()), ok=True
        )
    if kept is None or kept.number != wanted.number:
        detail = _(
            "{register} registers the number. Until then only what phones were asked for is "
            "reported at once; what customers pay on their own is found by the list."
        )
        detail = detail.format(**names)
        return CheckStep(words, ok=False, detail=detail, is_needed=False)
    return CheckStep(words, ok=False, detail=another_words(kept, wanted, names))


def another_words(kept: Registered, wanted: Registered, names: Names) -> str:
    """Say that M-Pesa reports elsewhere, and what to do."""
    return _(
        "It was told another address: {kept}. This shop is set up for {wanted}. Delete the old one "
        "in M-Pesa's portal, then register again ({register}); or set up the old one again."
    ).format(kept=kept.words(), wanted=wanted.words(), register=names["register"])
