"""A receipt by mail, at the till."""

from __future__ import annotations

from pos_desktop.services.people.customers import Particulars
from scripts.pictures.steps import CHANGE_SHOWN, K, States, chord, letters, scan, shown, told
from scripts.pictures.tenders import CHANGE
from scripts.player import Player


def _set_customer(player: Player) -> None:
    """Sell to a customer who agrees to mail."""
    shop = player.program.shop
    customer = shop.customers.add(
        Particulars(name="Wanjiku Kamau", email="wanjiku.kamau@example.com"), actor=None
    )
    customer = shop.customers.consent(customer, given=True, actor=None)
    player.sign_in()
    shop.till.set_customer(customer)


_ASK = (chord(K.Key_E), shown(lambda sell: sell.mail.page))
_MAIL = (*CHANGE, *_ASK)
_SEND = (*_ASK, "amina@example.com", K.Key_Return, told)

STATES: States = {
    "mail": _MAIL,
    "mail_own": (_set_customer, scan(3), K.Key_F8, CHANGE_SHOWN, *_ASK),
    "mail_refused": (*_MAIL, "nobody", K.Key_Return),
    "mail_letters": (*_MAIL, letters),
    "mail_again": (*CHANGE, *_SEND, *_SEND),
}
