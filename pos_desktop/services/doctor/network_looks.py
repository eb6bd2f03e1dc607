"""The network, and those whom the shop asks over it: mail, M-Pesa, relay, supplier.

No network is an everyday state, and no fault; a server that is set up and does not answer while
there is a network is one. Nothing is asked that the shop has not set up.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from pos_sync import way_out

from pos_desktop import settings
from pos_desktop.domain.licence import LicenceState, in_force, standing
from pos_desktop.domain.text import _
from pos_desktop.services.doctor.examining import Group, Look
from pos_desktop.services.doctor.finding import Finding
from pos_desktop.services.doctor.patient import Patient
from pos_desktop.services.licence.activation_line import ActivationLine
from pos_desktop.services.licence.known_activations import KnownActivations
from pos_desktop.services.licence.licence_words import standing_sentence, training_words
from pos_desktop.services.mail.mail_setup import MailSetup
from pos_desktop.services.mpesa.setup.call_check import check_answers, clock_words
from pos_desktop.services.mpesa.setup.daraja_line import DarajaLine
from pos_desktop.services.mpesa.setup.mpesa_setup import MpesaSetup
from pos_desktop.services.mpesa.setup.relay_line import RelayLine
from pos_desktop.services.mpesa.setup.setup_check import MpesaSetupCheck
from pos_desktop.services.mpesa.setup.setup_names import console_names
from pos_desktop.storage.moments import from_stored
from pos_desktop.storage.node import first_began_at

NAME_SECONDS = 4.0
MAIL_SECONDS = 5.0
MPESA_SECONDS = 6.0
"""How long each is waited for; what has limits of its own ends with those of its group."""


def _network(_patient: Patient, look: Look) -> Iterator[Finding]:
    own = way_out.own_address()
    if own is None:
        yield look.note(
            _("This computer is in no network. Selling goes on; mail and M-Pesa wait."),
            _("Plug the cable in, or choose the wireless network of the shop."),
        )
    else:
        yield look.ok(_("this computer is {address}").format(address=own))


def _names(patient: Patient, look: Look) -> Iterator[Finding]:
    names = [host for host in _hosts(patient) if way_out.is_name(host)]
    if not names or way_out.own_address() is None:
        return
    monotonic = patient.clock.monotonic
    missing = [
        name for name in names if not way_out.is_found(name, monotonic, NAME_SECONDS / len(names))
    ]
    if missing:
        yield look.broken(
            _("These names are not found: {names}.").format(names=", ".join(missing)),
            _(
                "Compare how they are spelled in posctl config. If they are right, the network has "
                "no way to the Internet, or its router gives no name server."
            ),
        )
    else:
        yield look.ok(_("found: {names}").format(names=", ".join(names)))


def _hosts(patient: Patient) -> list[str]:
    """Return the hosts that the shop has set up, each once."""
    get = patient.configuration.get
    addresses = [get(settings.LICENCE_SERVER)]
    if get(settings.MPESA_SHORTCODE) and not _only_tries(patient):
        relay = get(settings.MPESA_RELAY_URL) or get(settings.MPESA_CALLBACK_URL)
        addresses += [get(settings.MPESA_BASE_URL), relay]
    hosts = [get(settings.MAIL_SMTP_HOST), *(urlsplit(one).hostname or "" for one in addresses)]
    return list(dict.fromkeys(host for host in hosts if host))


def _only_tries(patient: Patient) -> bool:
    """Tell whether nobody outside is asked by this shop: it trains, or is there to try things."""
    get = patient.configuration.get
    return get(settings.SHOP_TRAINING) or get(settings.SHOP_DEMO)


def _away(look: Look, detail: str, advice: str) -> Finding:
    """Return that somebody does not answer, which without a network is nobody's fault."""
    if way_out.own_address() is None:
        return look.note(_("Not asked: this computer is in no network."))
    return look.broken(detail, advice)


def _mail(patient: Patient, look: Look) -> Iterator[Finding]:
    from pos_sync.mail.probe import probe_of

    configuration = patient.configuration
    if not configuration.get(settings.MAIL_SMTP_HOST) or configuration.get(settings.SHOP_TRAINING):
        return
    setup = MailSetup(
        patient.reader,
        patient.books,
        configuration,
        patient.secrets,
        lambda: None,
        patient.clock.monotonic,
    )
    if not setup.is_set_up:
        yield look.note(
            _("Mail is half set up: {key} is empty.").format(key=settings.MAIL_FROM_ADDRESS.key),
            _("Say under Mail setup from which address mail comes."),
        )
        return
    server = setup.server
    fields = {"host": server.host, "port": server.port}
    if server.login and setup.password() is None:
        yield look.broken(
            _("There is no password for the login at {host}.").format(**fields),
            _("Type it under Mail setup, or with posctl mail password."),
        )
    elif probe_of(server, patient.clock.monotonic, MAIL_SECONDS)():
        yield look.ok(
            _("{host}:{port} answers; posctl mail check goes all the way").format(**fields)
        )
    else:
        yield _away(
            look,
            _("{host}:{port} does not answer.").format(**fields),
            _("posctl mail check says at which step it ends. Mails wait meanwhile."),
        )


def _mpesa_setup(patient: Patient) -> MpesaSetup:
    return MpesaSetup(patient.reader, patient.books, patient.configuration, patient.secrets)


def _mpesa(patient: Patient, look: Look) -> Iterator[Finding]:
    from pos_sync.http.transport import TimeLimits

    if not patient.configuration.get(settings.MPESA_SHORTCODE):
        return
    setup = _mpesa_setup(patient)
    if not _may_ask(patient):
        yield look.ok(_("Not asked: this shop is there to try things out."))
        return
    if not setup.can_call:
        yield look.note(
            _("There is a number, and the keys are missing: payments are typed by hand."),
            _("Type the keys under M-Pesa setup, or with posctl mpesa keys."),
        )
        return
    line = DarajaLine(setup, patient.clock)
    line.limits = TimeLimits(connect=MPESA_SECONDS / 2, silence=MPESA_SECONDS, whole=MPESA_SECONDS)
    try:
        answered = check_answers(line, console_names())
    finally:
        line.close()
    if not answered.is_good:
        detail = _("{address} was asked.").format(address=setup.account.base_url)
        yield _away(look, detail, answered.words)
    elif answered.skew is not None and (off := clock_words(answered.skew)):
        yield look.broken(answered.words, off)
    else:
        yield look.ok(answered.words)


def _may_ask(patient: Patient) -> bool:
    """Tell whether M-Pesa may be asked: a demo shop only where the environment names one."""
    named = bool(patient.environment.get("POS_MPESA_BASE_URL"))
    return not patient.configuration.get(settings.SHOP_TRAINING) and (
        named or not _only_tries(patient)
    )


def _relay(patient: Patient, look: Look) -> Iterator[Finding]:
    configuration = patient.configuration
    if not configuration.get(settings.MPESA_SHORTCODE) or _only_tries(patient):
        return
    setup = _mpesa_setup(patient)
    line = RelayLine(setup, configuration, patient.clock)
    daraja = DarajaLine(setup, patient.clock)
    trying = MpesaSetupCheck(setup, configuration, daraja, line, patient.clock, lambda: True)
    try:
        step = trying.relay(console_names())
    finally:
        line.close()
    if step is None:
        return
    address = line.address or _("none")
    if step.ok:
        yield look.ok(_("{address} answers").format(address=address))
    elif not step.is_needed:
        yield look.note(address, step.detail)
    else:
        yield _away(look, address, step.detail)


def _licence(patient: Patient, look: Look) -> Iterator[Finding]:
    """Say how the subscription stands; the till works whatever it is."""
    configuration, reader, node = patient.configuration, patient.reader, patient.node
    if configuration.get(settings.SHOP_TRAINING):
        yield look.ok(training_words())
        return
    now = patient.newest_moment
    activation = in_force(KnownActivations(reader, configuration).of(node.shop_id), now)
    stands = standing(activation, from_stored(first_began_at(reader)), now)
    sentence = standing_sentence(stands, configuration.zone)
    if stands.state in (LicenceState.GRACE, LicenceState.EXPIRED):
        yield look.note(sentence, _("Pay it under Subscription in the menu."))
    else:
        yield look.ok(sentence)


def _licence_server(patient: Patient, look: Look) -> Iterator[Finding]:
    configuration = patient.configuration
    address = configuration.get(settings.LICENCE_SERVER)
    if not address or configuration.get(settings.SHOP_TRAINING):
        return
    line = ActivationLine(configuration, patient.clock)
    if line.is_there():
        yield look.ok(_("{address} answers").format(address=address))
    else:
        yield _away(
            look,
            _("{address} does not answer.").format(address=address),
            _("The till works on without it. Look at the network, and at {key}.").format(
                key=settings.LICENCE_SERVER.key
            ),
        )


_NETWORK = (
    Look("network", lambda: _("Network"), _network),
    Look("names", lambda: _("Names in the network"), _names),
)
_LICENCE = (
    Look("licence", lambda: _("Subscription"), _licence),
    Look("licence-server", lambda: _("Activation server"), _licence_server),
)
GROUPS = (
    Group("network", _NETWORK),
    Group("mail", (Look("mail", lambda: _("Mail server"), _mail),)),
    Group("mpesa", (Look("mpesa", lambda: _("M-Pesa"), _mpesa),)),
    Group("relay", (Look("relay", lambda: _("Relay of M-Pesa"), _relay),)),
    Group("licence", _LICENCE),
)
"""Each server in a group of its own: none waits for another."""
