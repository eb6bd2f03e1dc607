"""What goes wrong with mail, in the words of who reads it, with what to do next."""

from __future__ import annotations

from pos_sync.mail.errors import (
    BadLetter,
    LoginRefused,
    MailError,
    ServerBusy,
    ServerRefused,
    TlsRefused,
    Unreachable,
    WhyBad,
    WhyLogin,
    WhyTls,
    WhyUnreachable,
)

from pos_desktop.domain.text import _


def mail_fault_words(error: MailError) -> str:
    """Return what is wrong, as a sentence."""
    match error:
        case BadLetter():
            return _bad(error.why).format(field=error.field)
        case Unreachable():
            return _unreachable(error.why)
        case TlsRefused():
            return _tls(error.why)
        case LoginRefused():
            return _login(error.why)
        case ServerBusy():
            words = _("The mail server asks to come back later. It says: {words}")
            return words.format(words=error.reply.shown)
        case ServerRefused():
            words = _(
                "The mail server takes no mail from this sender: ask whoever runs it. It says: "
                "{words}"
            )
            return words.format(words=error.reply.shown)
        case _:
            return _("The program is closing: the mail goes out when it is open again.")


def _bad(why: WhyBad) -> str:
    return {
        WhyBad.CONTROL_CHARACTER: _(
            "{field} holds a line break or an invisible sign: take it out."
        ),
        WhyBad.NOT_TEXT: _("{field} holds something that is no text: write it again."),
        WhyBad.ADDRESS: _("{field} is no e-mail address: correct it."),
        WhyBad.DOMAIN: _("{field} has no proper server name behind the @: correct it."),
        WhyBad.MEDIA_TYPE: _("{field} cannot be attached: attach a plain file."),
        WhyBad.ATTACHMENT: _("{field} cannot be read: look whether the file is still there."),
        WhyBad.TOO_LARGE: _("The mail is too large ({field}): attach less, or smaller files."),
    }.get(why, _("{field} cannot stand in a mail: correct it."))


def _unreachable(why: WhyUnreachable) -> str:
    return {
        WhyUnreachable.NO_SUCH_NAME: _(
            "The mail server's name is not found: look at the network and at the name."
        ),
        WhyUnreachable.NO_NETWORK: _(
            "There is no way to the mail server: mail goes out when the network is back."
        ),
        WhyUnreachable.REFUSED: _(
            "Nothing answers at this port of the mail server: look at the port."
        ),
        WhyUnreachable.TIMED_OUT: _("The mail server does not answer in time: it is tried again."),
        WhyUnreachable.SILENT: _(
            "The mail server does not greet: look at the port and the encryption."
        ),
        WhyUnreachable.NOT_MAIL: _(
            "What answers at this port is no mail server: look at its name and port."
        ),
        WhyUnreachable.TLS_AT_ONCE: _(
            "This port is encrypted from the start: choose tls as the encryption of mail."
        ),
        WhyUnreachable.BROKE_OFF: _("The mail server broke the connection off: it is tried again."),
    }[why]


def _tls(why: WhyTls) -> str:
    return {
        WhyTls.NOT_OFFERED: _(
            "The mail server offers no STARTTLS at this port: choose tls, or another port."
        ),
        WhyTls.REFUSED: _("The mail server does not encrypt the line: ask whoever runs it."),
        WhyTls.NOT_TLS: _(
            "This port is not encrypted from the start: choose starttls as the encryption of mail."
        ),
        WhyTls.UNTRUSTED: _(
            "The mail server's certificate is not trusted: look at the server's name."
        ),
        WhyTls.EXPIRED: _(
            "The mail server's certificate is not valid today: look at this computer's date."
        ),
        WhyTls.WRONG_NAME: _(
            "The certificate belongs to another server: correct the mail server's name."
        ),
        WhyTls.OTHER_CERTIFICATE: _(
            "The mail server has another certificate than the one that was accepted: ask whoever "
            "runs it."
        ),
        WhyTls.TAMPERED: _(
            "Somebody has tampered with the line to the mail server: use another network."
        ),
    }[why]


def _login(why: WhyLogin) -> str:
    return {
        WhyLogin.REFUSED: _(
            "The mail server does not accept this login: correct name and password."
        ),
        WhyLogin.NO_METHOD: _(
            "The mail server offers no login that works with a password: ask whoever runs it."
        ),
        WhyLogin.IN_THE_OPEN: _(
            "The password would cross the network for all to read: choose starttls or tls."
        ),
        WhyLogin.NO_PASSWORD: _("The login has no password: set it."),
    }[why]
