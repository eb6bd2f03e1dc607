"""What M-Pesa needs, and what of it is missing: looked at without asking anybody.

The page's test and `posctl mpesa status` both go by it. What is not needed for taking money is said
with what the shop does without.
"""

from __future__ import annotations

from pos_desktop.domain.text import _, joined
from pos_desktop.services.check_step import CheckStep
from pos_desktop.services.mpesa.setup.mpesa_setup import MpesaKey, MpesaSetup
from pos_desktop.services.mpesa.setup.setup_names import Names


def needs(setup: MpesaSetup, names: Names) -> list[CheckStep]:
    """Return every need, in the order in which they are filled in."""
    number = number_need(setup, names)
    if not setup.has_number:
        return [number]
    found = [
        number,
        keys_need(setup, names),
        passkey_need(setup, names),
        reports_need(setup, names),
    ]
    if setup.reads_at:
        found.append(till_key_need(setup, names))
    return [*found, operator_need(setup, names)]


def number_need(setup: MpesaSetup, names: Names) -> CheckStep:
    """Return whether there is a number, and of a till its head office."""
    words = _("a number to pay to")
    if not setup.has_number:
        detail = _("Type {number}: the till or PayBill number that customers pay to.")
        return CheckStep(words, ok=False, detail=detail.format(**names))
    account = setup.account
    if account.kind.value == "till" and not account.head_office:
        detail = _(
            "A till needs {head_office} too, the store number of Safaricom's papers: without it "
            "M-Pesa refuses to ask phones."
        )
        return CheckStep(words, ok=False, detail=detail.format(**names))
    return CheckStep(words, ok=True)


def keys_need(setup: MpesaSetup, names: Names) -> CheckStep:
    """Return whether the keys are there without which nothing can be asked."""
    words = _("M-Pesa takes the keys")
    if missing := _missing(setup, names, MpesaKey.CONSUMER_KEY, MpesaKey.CONSUMER_SECRET):
        detail = _("Type {what}: without it nothing can be asked. It stands with the shop's app.")
        return CheckStep(words, ok=False, detail=detail.format(what=missing))
    return CheckStep(words, ok=True)


def passkey_need(setup: MpesaSetup, names: Names) -> CheckStep:
    """Return whether the key is there by which phones are asked."""
    words = _("the passkey of the number")
    if missing := _missing(setup, names, MpesaKey.PASSKEY):
        detail = _("Type {what}, which came by mail at Go Live: without it no phone can be asked.")
        return CheckStep(words, ok=False, detail=detail.format(what=missing))
    return CheckStep(words, ok=True)


def reports_need(setup: MpesaSetup, names: Names) -> CheckStep:
    """Return whether M-Pesa has an address to report to."""
    words = _("an address for reports")
    missing = [] if setup.reports_at else [names["reports"]]
    if secret := _missing(setup, names, MpesaKey.RELAY_PATH):
        missing.append(secret)
    if missing:
        detail = _(
            "Type {what}, as the relay has shown it (posctl relay add): without it no phone can be "
            "asked, and payments are found more slowly."
        )
        return CheckStep(words, ok=False, detail=detail.format(what=joined(", ", missing)))
    return CheckStep(words, ok=True)


def till_key_need(setup: MpesaSetup, names: Names) -> CheckStep:
    """Return whether the key is there with which this till reads the relay."""
    words = _("the relay answers this till")
    if missing := _missing(setup, names, MpesaKey.RELAY_KEY):
        detail = _("Type {what}: the relay has shown it (posctl relay add, or relay key).")
        return CheckStep(words, ok=False, detail=detail.format(what=missing))
    return CheckStep(words, ok=True)


def operator_need(setup: MpesaSetup, names: Names) -> CheckStep:
    """Return whether M-Pesa can be asked to give money back, which can be done without."""
    words = _("an operator who may give money back")
    if setup.has_operator:
        return CheckStep(words, ok=True)
    missing = _missing(setup, names, MpesaKey.INITIATOR, MpesaKey.CREDENTIAL)
    detail = _("Without {what} payments are given back in M-Pesa's portal.").format(
        what=missing or names["reports"]
    )
    return CheckStep(words, ok=False, detail=detail, is_needed=False)


def _missing(setup: MpesaSetup, names: Names, *keys: MpesaKey) -> str:
    """Return the names of those of the keys that are not kept."""
    return joined(", ", [names[key.name.lower()] for key in keys if not setup.key(key)])
