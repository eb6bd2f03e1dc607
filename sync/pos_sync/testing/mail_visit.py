"""One conversation of the simulated mail server with one client."""

from __future__ import annotations

import base64
import hmac
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from pos_sync.testing.endings import RESET_AT_CLOSE, Then

_CHUNK = 65536
_END = b"\r\n.\r\n"
_NOT_FOLLOWED = (OSError, ValueError, LookupError)
"""What a client brings about that speaks another language, or leaves in the middle."""


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """Something else than the usual answer, at one place of the conversation."""

    at: str
    """`CONNECT`, a command as `RCPT`, `BODY` (after some of a letter), or `DOT` (its end)."""
    say: str | bytes | None = None
    """In place of the usual answer; bytes go out as they are. None: the usual one, unless the
    connection ends here."""
    then: Then = Then.GO_ON
    seconds: float = 0
    """How long to wait before that."""
    to: str | None = None
    """The one recipient that it is about."""
    skip: int = 0
    """How often it does not happen at first."""
    times: int | None = None
    """How often it happens; None: for ever."""
    keeps: bool = False
    """At `DOT`: whether the letter is taken all the same."""


@dataclass(frozen=True)
class Received:
    """A letter that was taken."""

    sender: str
    recipients: tuple[str, ...]
    data: bytes
    options: tuple[str, ...] = ()
    login: str | None = None
    is_secure: bool = False


@dataclass(frozen=True, kw_only=True)
class Habits:
    """What the server can do, and wants."""

    context: ssl.SSLContext | None = None
    """Its certificate; None for a server without TLS."""
    is_tls_at_once: bool = False
    logins: tuple[tuple[str, str], ...] = ()
    """Names and passwords; where there are any, nobody sends without."""
    methods: tuple[str, ...] = ("PLAIN", "LOGIN")
    largest: int = 25_000_000
    extensions: tuple[str, ...] = ("PIPELINING", "8BITMIME", "SMTPUTF8", "ENHANCEDSTATUSCODES")
    letters_per_connection: int | None = None
    most_connections: int | None = None


class House(Protocol):
    """The server as one of its conversations sees it."""

    habits: Habits

    def trouble(self, place: str, recipients: tuple[str, ...]) -> Trouble | None:
        """Return what is to happen here, if anything."""

    def rest(self, seconds: float) -> None:
        """Wait, or less where the server ends."""

    def note(self, command: str) -> None:
        """Keep what a client said."""

    def keep(self, letter: Received) -> None:
        """Take a letter."""


class _Over(Exception):
    """The conversation has ended."""


class Visit:
    """One conversation; `run` returns when it is over."""

    def __init__(self, house: House, client: socket.socket, *, is_too_many: bool) -> None:
        self._house = house
        self._habits = house.habits
        self._client = client
        self._is_too_many = is_too_many
        self._read = bytearray()
        self._letters = 0
        self._login: str | None = None
        self._forget()

    def run(self) -> None:
        """Talk until one of both has had enough."""
        try:
            if self._habits.is_tls_at_once:
                self._secure()
            self._greet()
            while True:
                self._obey(self._line())
        except (_Over, *_NOT_FOLLOWED):
            pass
        finally:
            self._client.close()

    def _forget(self) -> None:
        self._sender = ""
        self._options: tuple[str, ...] = ()
        self._recipients: tuple[str, ...] = ()

    def _greet(self) -> None:
        if self._is_too_many:
            self._say("421 4.7.0 too many connections")
            raise _Over
        if self._passes("CONNECT"):
            self._say("220 till.test ESMTP")

    def _obey(self, line: str) -> None:
        self._house.note(line)
        verb, _, rest = line.partition(" ")
        act: Callable[[str], None] | None = getattr(self, f"_do_{verb.lower()}", None)
        if act is None:
            self._say("502 5.5.1 no such command")
        else:
            act(rest)

    def _do_ehlo(self, _rest: str) -> None:
        self._forget()
        habits = self._habits
        offers = ["till.test", *habits.extensions, f"SIZE {habits.largest}"]
        if habits.context is not None and not self._is_secure:
            offers.append("STARTTLS")
        if habits.logins:
            offers.append(f"AUTH {' '.join(habits.methods)}")
        lines = [f"250-{offer}" for offer in offers[:-1]]
        if self._passes("EHLO"):
            self._say("\r\n".join([*lines, f"250 {offers[-1]}"]))

    def _do_helo(self, _rest: str) -> None:
        self._forget()
        self._usual("HELO", "250 till.test")

    def _do_noop(self, _rest: str) -> None:
        self._usual("NOOP", "250 2.0.0 here")

    def _do_rset(self, _rest: str) -> None:
        self._forget()
        self._usual("RSET", "250 2.0.0 forgotten")

    def _do_quit(self, _rest: str) -> None:
        self._usual("QUIT", "221 2.0.0 bye")
        raise _Over

    def _do_starttls(self, _rest: str) -> None:
        if self._passes("STARTTLS"):
            self._say("220 2.0.0 go on")
            self._secure()

    def _do_auth(self, rest: str) -> None:
        if not self._passes("AUTH"):
            return
        method, _, first = rest.partition(" ")
        ways = {"PLAIN": self._by_plain, "LOGIN": self._by_login, "CRAM-MD5": self._by_cram}
        if method not in self._habits.methods:
            self._say("504 5.5.4 no such method")
            return
        self._login = ways[method](first)
        known = self._login is not None
        self._say("235 2.7.0 welcome" if known else "535 5.7.8 name or password is wrong")

    def _by_plain(self, first: str) -> str | None:
        _, login, password = _decoded(first or self._challenge("")).split("\0")
        return login if (login, password) in self._habits.logins else None

    def _by_login(self, first: str) -> str | None:
        login = _decoded(first or self._challenge("Username:"))
        password = _decoded(self._challenge("Password:"))
        return login if (login, password) in self._habits.logins else None

    def _by_cram(self, _first: str) -> str | None:
        question = "<1.2@till.test>"
        login, _, digest = _decoded(self._challenge(question)).partition(" ")
        for known, password in self._habits.logins:
            wanted = hmac.new(password.encode(), question.encode(), "md5").hexdigest()
            if (login, digest) == (known, wanted):
                return login
        return None

    def _challenge(self, question: str) -> str:
        self._say(f"334 {base64.b64encode(question.encode()).decode()}")
        return self._line()

    def _do_mail(self, rest: str) -> None:
        address, *options = rest.partition(":")[2].split()
        size = next((int(one[5:]) for one in options if one.startswith("SIZE=")), 0)
        if self._letters == self._habits.letters_per_connection:
            self._say("421 4.7.0 enough for one connection")
            raise _Over
        if not self._passes("MAIL"):
            return
        if self._habits.logins and self._login is None:
            self._say("530 5.7.0 log in first")
        elif size > self._habits.largest:
            self._say("552 5.3.4 too large")
        else:
            self._sender, self._options = address.strip("<>"), tuple(options)
            self._say("250 2.1.0 sender ok")

    def _do_rcpt(self, rest: str) -> None:
        recipient = rest.partition(":")[2].split()[0].strip("<>")
        if not self._passes("RCPT", (recipient,)):
            return
        if not self._sender:
            self._say("503 5.5.1 who sends?")
        else:
            self._recipients += (recipient,)
            self._say("250 2.1.5 recipient ok")

    def _do_data(self, _rest: str) -> None:
        if not self._passes("DATA", self._recipients):
            return
        if not self._recipients:
            self._say("554 5.5.1 no valid recipients")
            return
        self._say("354 end with a dot")
        self._letter()

    def _letter(self) -> None:
        letter = Received(
            self._sender,
            self._recipients,
            self._body(),
            self._options,
            self._login,
            self._is_secure,
        )
        self._letters += 1
        if self._passes("DOT", self._recipients, letter):
            self._house.keep(letter)
            self._say("250 2.0.0 taken")
        self._forget()

    def _body(self) -> bytes:
        """Return what comes up to the dot; a trouble in the middle meets at least one byte."""
        self._read[:0] = b"\r\n"
        seen = 0
        if len(self._read) == len(b"\r\n"):
            self._receive()
        self._passes("BODY", self._recipients)
        while (end := self._read.find(_END, max(0, seen - len(_END)))) < 0:
            seen = len(self._read)
            self._receive()
        body = bytes(self._read[: end + 2])
        del self._read[: end + len(_END)]
        return body.replace(b"\r\n..", b"\r\n.")[2:]

    def _usual(self, place: str, answer: str) -> None:
        if self._passes(place):
            self._say(answer)

    def _passes(
        self, place: str, recipients: tuple[str, ...] = (), letter: Received | None = None
    ) -> bool:
        """Let the trouble happen that is due here; tell whether the usual answer follows."""
        trouble = self._house.trouble(place, recipients)
        if trouble is None:
            return True
        if letter is not None and trouble.keeps:
            self._house.keep(letter)
        self._house.rest(trouble.seconds)
        if trouble.say is not None:
            self._say(trouble.say)
        if trouble.then is Then.RESET:
            self._client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_AT_CLOSE)
        if trouble.then is not Then.GO_ON:
            raise _Over
        return trouble.say is None

    @property
    def _is_secure(self) -> bool:
        return isinstance(self._client, ssl.SSLSocket)

    def _secure(self) -> None:
        assert self._habits.context is not None
        self._client = self._habits.context.wrap_socket(self._client, server_side=True)

    def _say(self, words: str | bytes) -> None:
        self._client.sendall(words if isinstance(words, bytes) else f"{words}\r\n".encode())

    def _line(self) -> str:
        while (end := self._read.find(b"\r\n")) < 0:
            self._receive()
        line = self._read[:end].decode()
        del self._read[: end + 2]
        return line

    def _receive(self) -> None:
        data = self._client.recv(_CHUNK)
        if not data:
            raise _Over
        self._read += data


def _decoded(text: str) -> str:
    return base64.b64decode(text).decode()
