"""Who answers in the place of M-Pesa or of the relay, told apart by what he answers."""

from __future__ import annotations

from http import HTTPStatus

from pos_sync.causes import is_caused_by

from pos_desktop.domain.text import _

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_NOT_THERE = frozenset({404, 405, 410})


def between_words(name: str, status: int | None, *, is_page: bool) -> str:
    """Return who on the way has answered for `name`, and what to do; nothing where nobody has.

    `is_page` tells that what came was not of its own form.
    """
    if status in _REDIRECTS or status == HTTPStatus.NETWORK_AUTHENTICATION_REQUIRED:
        return _sign_in_words(name)
    if status == HTTPStatus.OK and is_page:
        return _sign_in_words(name)
    if status == HTTPStatus.PROXY_AUTHENTICATION_REQUIRED:
        return _(
            "A proxy of this network stands before {name} and asks for a password (407): who looks "
            "after the network has to let this computer through without one."
        ).format(name=name)
    if status == HTTPStatus.FORBIDDEN and is_page:
        return _(
            "Somebody on the way to {name} forbids it (403), such as a firewall or a proxy: ask "
            "who looks after the network."
        ).format(name=name)
    return ""


def address_words(name: str, status: int | None, address: str, *, is_page: bool) -> str:
    """Return that something else answers at an address; nothing where that is not so."""
    if status not in _NOT_THERE or not is_page:
        return ""
    sentence = _("Something else than {name} answers there ({status}): correct {address}.")
    return sentence.format(name=name, status=status, address=address)


def nobody_words(name: str, error: BaseException, address: str) -> str:
    """Return that nothing listens at an address; nothing where that is not so."""
    if not is_caused_by(error, ConnectionRefusedError):
        return ""
    sentence = _(
        "Nothing listens where {name} should be. Look at the network, and at {address}: name and "
        "port; and whether it runs."
    )
    return sentence.format(name=name, address=address)


def _sign_in_words(name: str) -> str:
    sentence = _(
        "This network answers in the place of {name}, mostly with a page to sign in or to pay at: "
        "open a browser on this computer, do what the page asks, then try again."
    )
    return sentence.format(name=name)
