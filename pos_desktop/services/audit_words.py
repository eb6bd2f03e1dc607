"""What the acts of the journal are called by people."""

from __future__ import annotations

from pos_desktop.domain.text import _


def act_words(kind: str) -> str:
    """Return the words for a kind of entry; its own word where none are known.

    Long because it is a table: each kind of entry stands in it once.
    """
    return {
        "sale": _("Sale, approved"),
        "refund": _("Refund"),
        "account payment": _("Payment on account"),
        "shift": _("Shift opened"),
        "shift close": _("Shift closed"),
        "cash move": _("Cash moved"),
        "z": _("Day closed"),
        "goods received": _("Goods received"),
        "goods returned": _("Goods given back"),
        "stock adjustment": _("Stock corrected"),
        "stock take": _("Stock counted"),
        "stock opening": _("Opening stock"),
        "stock opening undone": _("Opening stock taken back"),
        "sign in": _("Signed in"),
        "sign out": _("Signed out"),
        "sign in failed": _("Wrong PIN"),
        "drawer opened": _("Drawer opened, no sale"),
        "drawer counted": _("Count thrown away"),
        "line void": _("Line removed"),
        "cart void": _("Sale cleared"),
        "quantity lowered": _("Quantity lowered"),
        "payment undone": _("Payment undone"),
        "price set": _("Price set"),
        "line discount": _("Discount on a line"),
        "cart discount": _("Discount on the sale"),
        "return without receipt": _("Goods back without a receipt"),
        "reprint": _("Receipt printed again"),
        "receipt mailed": _("Receipt left to be e-mailed"),
        "setting": _("Setting changed"),
        "logo": _("Logo changed"),
        "role": _("Role changed"),
        "staff added": _("Person added"),
        "staff renamed": _("Person renamed"),
        "staff role": _("Role given"),
        "staff pin": _("PIN changed"),
        "staff left": _("Person left"),
        "staff back": _("Person came back"),
        "customer added": _("Customer added"),
        "customer changed": _("Customer changed"),
        "customer exported": _("Customer's data exported"),
        "customer erased": _("Customer erased"),
        "mail consent": _("Consent to mail changed"),
        "credit limit": _("Credit limit changed"),
        "product changed": _("Product changed"),
        "import": _("Import"),
        "import undone": _("Import undone"),
        "head missing": _("Journal head missing"),
        "shop made": _("Shop made"),
    }.get(kind, kind)
