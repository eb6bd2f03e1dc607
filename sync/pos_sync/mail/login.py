"""Logs in on a mail server: PLAIN, LOGIN and CRAM-MD5, the last first on a line that is open.

The password leaves this module in no error and in no answer.
"""

from __future__ import annotations

import base64
import hmac
from collections.abc import Callable, Iterator

from pos_sync.mail.errors import LoginRefused, ServerBusy, WhyLogin
from pos_sync.mail.replies import Garbage, Reply

Ask = Callable[[str], Reply]
Method = Callable[[Ask, str, str], Reply]

_CHALLENGE = 334
_NOT_THIS_LOGIN = {530, 534, 535, 538}
"""Name and password were looked at: another way to say them would only count as one more failure"""


def log_in(ask: Ask, login: str, password: str, ways: list[str]) -> None:
    """Log in by the first of these ways that works; raises LoginRefused, ServerBusy, Garbage."""
    reply = None
    secrets = password, _encoded(password), _pair(login, password)
    for way in ways:
        reply = _METHODS[way](ask, login, password).without(*secrets)
        if reply.is_yes:
            return
        if reply.is_for_now:
            raise ServerBusy(reply)
        if reply.code in _NOT_THIS_LOGIN:
            break
    raise LoginRefused(WhyLogin.REFUSED, reply)


def can_be_said(text: str) -> bool:
    """Tell whether a name or a password can stand in a login.

    It is asked first, since the error of a text that cannot be encoded would hold the text.
    """
    return "\0" not in text and not any("\ud800" <= one <= "\udfff" for one in text)


def ways_to(offered: tuple[str, ...], *, is_private: bool) -> list[str]:
    """Return the ways to take of those that are offered; raises LoginRefused where there is none.

    Where others can read the line, only what does not show the password.
    """
    known = [way for way in _METHODS if way in offered]
    if not known:
        raise LoginRefused(WhyLogin.NO_METHOD)
    if not is_private and _BLIND not in known:
        raise LoginRefused(WhyLogin.IN_THE_OPEN)
    return known if is_private else [_BLIND]


def _plain(ask: Ask, login: str, password: str) -> Reply:
    return _answer(ask, ask(f"AUTH PLAIN {_pair(login, password)}"), iter([]))


def _pair(login: str, password: str) -> str:
    return _encoded(f"\0{login}\0{password}")


def _login(ask: Ask, login: str, password: str) -> Reply:
    return _answer(ask, ask("AUTH LOGIN"), iter([_encoded(login), _encoded(password)]))


def _cram(ask: Ask, login: str, password: str) -> Reply:
    asked = ask(_BLIND_COMMAND)
    if asked.code != _CHALLENGE:
        return asked
    challenge = _decoded(asked.lines[0])
    digest = hmac.new(password.encode(), challenge, "md5").hexdigest()
    return _answer(ask, asked, iter([_encoded(f"{login} {digest}")]))


def _answer(ask: Ask, reply: Reply, answers: Iterator[str]) -> Reply:
    for answer in answers:
        if reply.code != _CHALLENGE:
            break
        reply = ask(answer)
    if reply.code == _CHALLENGE:
        raise Garbage
    return reply


def _encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode("ascii")


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        raise Garbage from None


_BLIND = "CRAM-MD5"
_BLIND_COMMAND = f"AUTH {_BLIND}"
_METHODS: dict[str, Method] = {"PLAIN": _plain, "LOGIN": _login, _BLIND: _cram}
