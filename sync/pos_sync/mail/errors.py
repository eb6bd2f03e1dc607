"""What goes wrong with mail as a whole, split by what the caller can do.

MailError
├── BadLetter       the letter cannot be built: correct it; nothing else is held up
├── Unreachable     no network, no such server, no answer: wait for the network
├── ServerBusy      the server asks to come back later: slow down
├── LoginRefused    a person must correct the name or password
├── TlsRefused      a person must look at the security of the line
├── ServerRefused   the server wants no mail from this shop: a person must act
└── LinesClosed     the program is closing: the letter was not begun

Whichever of them is raised: nothing was sent, and to send the letter again is safe. What becomes of
a single letter is no error but an outcome (`outcomes`).
Each has a `why`, to be put into other languages by, and a sentence of its own in English.
"""

from __future__ import annotations

from enum import StrEnum

from pos_sync.mail.replies import Reply


class MailError(Exception):
    """Mail cannot be sent."""

    def __init__(self, sentence: str | None = None) -> None:
        super().__init__(sentence or (self.__doc__ or "").splitlines()[0])


class WhyBad(StrEnum):
    """What is wrong with a letter."""

    CONTROL_CHARACTER = "control_character"
    """A line break or another invisible control character, which could add headers of its own."""
    NOT_TEXT = "not_text"
    """Characters that are half a character; no file can hold them."""
    ADDRESS = "address"
    """Not an e-mail address."""
    DOMAIN = "domain"
    """The part behind the @ is no name of a server."""
    MEDIA_TYPE = "media_type"
    UNSUBSCRIBE = "unsubscribe"
    MESSAGE_ID = "message_id"
    DATE = "date"
    ATTACHMENT = "attachment"
    """The file of an attachment cannot be read."""
    TOO_LARGE = "too_large"


_BAD = {
    WhyBad.CONTROL_CHARACTER: "{field} holds a line break or a control character: take it out.",
    WhyBad.NOT_TEXT: "{field} holds something that is no text: write it again.",
    WhyBad.ADDRESS: "{field} is not an e-mail address: correct it.",
    WhyBad.DOMAIN: "{field} has no proper server name behind the @: correct it.",
    WhyBad.MEDIA_TYPE: "{field} has a kind that cannot be attached: attach a plain file.",
    WhyBad.UNSUBSCRIBE: "{field} must be a mailto address without blanks: correct it.",
    WhyBad.MESSAGE_ID: "{field} must have the form <something@somewhere>.",
    WhyBad.DATE: "{field} must have a time zone.",
    WhyBad.ATTACHMENT: "{field} cannot be read: look whether the file is still there.",
    WhyBad.TOO_LARGE: "The mail is too large ({field}): attach less, or smaller files.",
}


class BadLetter(MailError):
    """The letter cannot be built as it is."""

    def __init__(self, why: WhyBad, field: str) -> None:
        """Take what is wrong, and the name of the field (for a size: the sizes)."""
        self.why = why
        self.field = field
        sentence = _BAD[why].format(field=field)
        super().__init__(sentence[:1].upper() + sentence[1:])


class WhyUnreachable(StrEnum):
    """Why a server was not reached."""

    NO_SUCH_NAME = "no_such_name"
    """The name is not found: it is wrong, or there is no network."""
    NO_NETWORK = "no_network"
    REFUSED = "refused"
    """Nothing listens at this port."""
    TIMED_OUT = "timed_out"
    SILENT = "silent"
    """Something is there, and does not greet; a port that wants TLS at once does that."""
    NOT_MAIL = "not_mail"
    """Something else than a mail server answers."""
    TLS_AT_ONCE = "tls_at_once"
    """The port answers in TLS, and nothing else was asked for."""
    BROKE_OFF = "broke_off"
    """The connection ended while it was being made."""


_UNREACHABLE = {
    WhyUnreachable.NO_SUCH_NAME: "The mail server's name is not found: look at the network and at "
    "the name.",
    WhyUnreachable.NO_NETWORK: "There is no way to the mail server: look at the network.",
    WhyUnreachable.REFUSED: "Nothing answers at this port of the mail server: look at the port.",
    WhyUnreachable.TIMED_OUT: "The mail server does not answer in time: it is tried again.",
    WhyUnreachable.SILENT: "The mail server does not greet: look at the port and its security.",
    WhyUnreachable.NOT_MAIL: "What answers at this port is no mail server: look at name and port.",
    WhyUnreachable.TLS_AT_ONCE: "This port speaks TLS from the start: choose TLS as its security.",
    WhyUnreachable.BROKE_OFF: "The mail server broke the connection off: it is tried again.",
}


class Unreachable(MailError):
    """The mail server is not reached."""

    def __init__(self, why: WhyUnreachable) -> None:
        self.why = why
        super().__init__(_UNREACHABLE[why])


class _Answered(MailError):
    """The server has answered no."""

    _sentence = "{words}"

    def __init__(self, reply: Reply) -> None:
        self.reply = reply
        super().__init__(self._sentence.format(words=reply.shown))


class ServerBusy(_Answered):
    """The mail server wants less at once, or later."""

    _sentence = "The mail server asks to come back later. It says: {words}"


class ServerRefused(_Answered):
    """The mail server takes no mail of this shop."""

    _sentence = (
        "The mail server takes no mail from this sender: ask whoever runs it. It says: {words}"
    )


class WhyLogin(StrEnum):
    """Why a login failed."""

    REFUSED = "refused"
    """The server does not accept name and password, or wants a login where none is set."""
    NO_METHOD = "no_method"
    """The server has no login, or only ways that are not known here."""
    IN_THE_OPEN = "in_the_open"
    """The password would cross the network in readable form."""
    NO_PASSWORD = "no_password"  # noqa: S105 - a reason, not a password
    """There is none, or it holds what no login can."""


_LOGIN = {
    WhyLogin.REFUSED: "The mail server does not accept this login: correct name and password.",
    WhyLogin.NO_METHOD: "The mail server offers no login that works with a password: ask whoever "
    "runs it.",
    WhyLogin.IN_THE_OPEN: "The password would cross the network for all to read: choose STARTTLS "
    "or TLS.",
    WhyLogin.NO_PASSWORD: "The login has no password that can be used: set it.",
}


class LoginRefused(MailError):
    """The mail server does not accept the login."""

    def __init__(self, why: WhyLogin, reply: Reply | None = None) -> None:
        self.why = why
        self.reply = reply
        words = f" It says: {reply.shown}" if reply else ""
        super().__init__(_LOGIN[why] + words)


class WhyTls(StrEnum):
    """Why a line could not be secured."""

    NOT_OFFERED = "not_offered"
    """The server knows no STARTTLS."""
    REFUSED = "refused"
    """The server knows STARTTLS and does not begin it, or the two have no version in common."""
    NOT_TLS = "not_tls"
    """The port does not speak TLS from the start."""
    UNTRUSTED = "untrusted"
    """Nobody whom this machine trusts has signed the certificate."""
    EXPIRED = "expired"
    """The certificate has expired, or is not valid yet: often a clock that is wrong."""
    WRONG_NAME = "wrong_name"
    """The certificate is another server's."""
    OTHER_CERTIFICATE = "other_certificate"
    """The certificate is not the one that was accepted by its fingerprint."""
    TAMPERED = "tampered"
    """Something was slipped in before the line was secured."""


_TLS = {
    WhyTls.NOT_OFFERED: "The mail server offers no STARTTLS at this port: choose TLS or another "
    "port.",
    WhyTls.REFUSED: "The mail server does not secure the line: ask whoever runs it.",
    WhyTls.NOT_TLS: "This port does not speak TLS from the start: choose STARTTLS.",
    WhyTls.UNTRUSTED: "The mail server's certificate is not trusted: look at the server's name.",
    WhyTls.EXPIRED: "The mail server's certificate is not valid today: look at this machine's "
    "date.",
    WhyTls.WRONG_NAME: "The certificate belongs to another server: correct the server's name.",
    WhyTls.OTHER_CERTIFICATE: "The mail server has another certificate than the one that was "
    "accepted: ask whoever runs it.",
    WhyTls.TAMPERED: "Somebody has tampered with the line to the mail server: use another network.",
}


class TlsRefused(MailError):
    """The line to the mail server cannot be secured."""

    def __init__(self, why: WhyTls, reply: Reply | None = None) -> None:
        self.why = why
        self.reply = reply
        super().__init__(_TLS[why])


class LinesClosed(MailError):
    """The program is closing: no more mail is begun."""
