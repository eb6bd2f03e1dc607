"""What is asked before a payment of the tray is settled: where it goes, to whom, and why."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.text import _, joined
from pos_desktop.services.mpesa.tray.tray_acts import Target
from pos_desktop.services.shown_dates import shown_minute
from pos_desktop.ui.kit.choice import Choice
from pos_desktop.ui.kit.form import Form, FormField

MOST_TARGETS = 24


class TargetForm(Form):
    """Asks for the cart or sale that a payment is for."""

    def __init__(self, targets: Sequence[Target], zone: tzinfo) -> None:
        self._targets = {str(place): one for place, one in enumerate(targets[:MOST_TARGETS])}
        self.target = Choice(_("For"), columns=1)
        super().__init__(_("What it is for"), (self.target,))
        shown = [(key, _target_words(one, zone)) for key, one in self._targets.items()]
        self.target.show_choices(shown, "0")

    def read(self) -> Target:
        """Return the chosen one."""
        return self._targets[self.target.key]


class ReasonForm(Form):
    """Asks whose payment it is, where it is not the shop's."""

    def __init__(self) -> None:
        self.reason = FormField(_("Whose it is, or why it is not the shop's"))
        super().__init__(_("Not ours"), (self.reason,))

    def read(self) -> str:
        """Return what was typed; raise Refused where nothing was."""
        if not self.reason.text:
            raise Refused(_("Say whose payment it is, or why it is not the shop's."))
        return self.reason.text


class CustomerForm(Form):
    """Asks in whose favour a payment is to stand."""

    def __init__(self, known: str) -> None:
        """Take what is known of who has paid: their phone, or nothing."""
        self.customer = FormField(_("Customer"), hint=_("Code, phone or name"))
        super().__init__(_("In favour of a customer"), (self.customer,))
        self.customer.show_text(known)

    def read(self) -> str:
        """Return what was typed; raise Refused where nothing was."""
        if not self.customer.text:
            raise Refused(_("Type the customer's code, phone or name."))
        return self.customer.text


def _target_words(target: Target, zone: tzinfo) -> str:
    if not target.sale_number:
        return _("On hold: {label}").format(label=target.label) if target.label else _("Open sale")
    when = shown_minute(target.sold_at, zone) if target.sold_at else ""
    sold = _("Receipt {receipt}, paid by {code}").format(
        receipt=target.sale_number, code=target.named
    )
    return joined(" · ", (sold, when))
