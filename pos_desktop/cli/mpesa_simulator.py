"""posctl mpesa simulator: M-Pesa on this machine, to try a shop out without anybody's money."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from pos_desktop import settings
from pos_desktop.cli.numbers import seconds
from pos_desktop.cli.output import WrongUsage, complain, print_json
from pos_desktop.cli.relay_serving import port
from pos_desktop.domain.clock import SystemClock
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.money import format_amount, parse_amount
from pos_desktop.domain.text import _

_SIGNALS = [
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGBREAK") if hasattr(signal, name)
]
_PUBLIC = "https://relay.example"
"""The address under which a shop names its relay where only the simulator posts to it."""
_KEY, _SECRET, _PASSKEY, _PATH = "sim-key", "sim-secret", "sim-passkey", "simulated"
_OPERATOR, _CREDENTIAL = "sim-operator", "sim-credential"
_PHONE = "254722000000"
_LOOK_SECONDS = 0.2
_ANSWERS = {"paid": "0", "cancel": "1032", "wrong-pin": "2001", "never": None}


def add_to(acts: Any, common: argparse.ArgumentParser) -> None:
    """Add the parser of this act."""
    simulator = acts.add_parser(
        "simulator",
        parents=[common],
        help=_("M-Pesa on this machine, to try a shop out"),
        description=_(
            "Serve a simulated M-Pesa on 127.0.0.1 until Ctrl C or a signal. It says what a shop "
            "needs to use it, and what it does. Lines of standard input are what customers do: "
            "pay 0712345678 1450 T1A7, or answer 0712345678 paid (cancel, wrong-pin)."
        ),
    )
    add = simulator.add_argument
    add("--port", metavar="P", type=port, required=True, help=_("0: any free one"))
    add("--kind", choices=("paybill", "till"), default="paybill", help=_("what is paid to"))
    add("--number", metavar="N", default="174379", help=_("the PayBill or till; 174379"))
    add("--head-office", metavar="N", default="", help=_("the store number of a till"))
    add(
        "--answer",
        choices=[*_ANSWERS],
        default="paid",
        help=_("what customers do when they are asked; paid"),
    )
    add("--after", metavar="S", type=seconds, default=3.0, help=_("and after how many seconds; 3"))
    add(
        "--relay",
        metavar="URL",
        help=_("carry reports to the relay at this address, such as http://127.0.0.1:8800"),
    )
    add(
        "--secret",
        metavar="SECRET",
        default=_PATH,
        help=_("the shop's secret, as posctl relay add has shown it"),
    )
    simulator.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    from pos_sync.mpesa.account import Account, AccountKind, Secrets
    from pos_sync.testing.mpesa.habits import Habits, Merchant
    from pos_sync.testing.mpesa.simulator import MpesaSimulator

    _check_numbers(options)
    clock = SystemClock()
    account = Account(
        kind=AccountKind(options.kind), number=options.number, head_office=options.head_office
    )
    secrets = Secrets(
        consumer_key=_KEY,
        consumer_secret=_SECRET,
        passkey=_PASSKEY,
        initiator=_OPERATOR,
        credential=_CREDENTIAL,
    )
    routes = {_PUBLIC: options.relay.rstrip("/")} if options.relay else {}
    try:
        simulator = MpesaSimulator(
            Merchant(account=account, secrets=secrets, phone=_PHONE),
            now=clock.now,
            monotonic=clock.monotonic,
            habits=Habits(routes=routes),
            port=options.port,
        )
        with simulator:
            _serve(options, simulator, account, secrets, clock)
    except OSError as error:
        raise Refused(
            _("Port {port} cannot be used: {why}. Name another, or 0 for any.").format(
                port=options.port, why=error.strerror
            )
        ) from error
    return 0


def _check_numbers(options: argparse.Namespace) -> None:
    numbers = [options.number, *([options.head_office] if options.head_office else [])]
    if not all(one.isdecimal() and 5 <= len(one) <= 7 for one in numbers):
        raise WrongUsage(_("A number of M-Pesa has five to seven digits, such as 174379."))


def _serve(
    options: argparse.Namespace, simulator: Any, account: Any, secrets: Any, clock: SystemClock
) -> None:
    from pos_sync.testing.mpesa.scripts import Script

    simulator.script(Script(code=_ANSWERS[options.answer], delay=options.after))
    _register(options, simulator, account, secrets, clock)
    ended = threading.Event()
    for number in _SIGNALS:
        signal.signal(number, lambda *_given: ended.set())
    teller = _Teller(simulator, as_json=options.json)
    _say_begun(options, simulator.base_url)
    threading.Thread(target=_obey, args=(simulator,), name="customers", daemon=True).start()
    while not ended.is_set():
        teller.tell()
        ended.wait(_LOOK_SECONDS)
    teller.tell()


def _register(
    options: argparse.Namespace, simulator: Any, account: Any, secrets: Any, clock: SystemClock
) -> None:
    """Let the shop have the list of payments, and reports of what customers pay on their own."""
    from dataclasses import replace

    from pos_sync.http.transport import Transport
    from pos_sync.mpesa.addresses import confirmation_url, shop_url, validation_url
    from pos_sync.mpesa.daraja import Daraja

    transport = Transport(simulator.base_url, monotonic=clock.monotonic)
    here = replace(account, base_url=simulator.base_url)
    daraja = Daraja(here, secrets, transport, now=clock.now, monotonic=clock.monotonic)
    url = shop_url(_PUBLIC, options.secret)
    daraja.register_pull(_PHONE, validation_url(url))
    daraja.register_confirmations(confirmation_url(url), validation_url(url))
    daraja.close()


def _say_begun(options: argparse.Namespace, base_url: str) -> None:
    wanted = {
        settings.MPESA_KIND.key: options.kind,
        settings.MPESA_SHORTCODE.key: options.number,
        settings.MPESA_HEAD_OFFICE.key: options.head_office,
        settings.MPESA_BASE_URL.key: base_url,
        settings.MPESA_CALLBACK_URL.key: _PUBLIC,
        **({settings.MPESA_RELAY_URL.key: options.relay} if options.relay else {}),
    }
    keys = {
        "consumer-key": _KEY,
        "consumer-secret": _SECRET,
        "passkey": _PASSKEY,
        "initiator": _OPERATOR,
        "credential": _CREDENTIAL,
        "relay-path": options.secret,
    }
    if options.json:
        print_json({"event": "listening", "url": base_url, "settings": wanted, "keys": keys})
        return
    print(_("M-Pesa is simulated at {url}. Ctrl C ends it.").format(url=base_url))
    print(_("A shop uses it after these commands; its keys are of no worth elsewhere:"))
    for key, value in wanted.items():
        print(f'  posctl config set {key} "{value}"')
    print("  posctl mpesa keys <<END")
    for key, value in keys.items():
        print(f"{key}={value}")
    print("END", flush=True)


# what it does


@dataclass(frozen=True, slots=True)
class _Event:
    name: str
    phone: str
    cents: int
    reference: str = ""
    receipt: str = ""
    code: str = ""


class _Teller:
    """Says on standard output what has happened since it was asked last."""

    def __init__(self, simulator: Any, *, as_json: bool) -> None:
        self._simulator = simulator
        self._as_json = as_json
        self._prompts = 0
        self._open: dict[str, Any] = {}
        self._payments = self._reversals = 0

    def tell(self) -> None:
        """Tell of new pushes, their ends, and of what was paid and given back."""
        for event in self._found():
            if self._as_json:
                print_json(_event_json(event))
            else:
                print(_event_words(event), flush=True)

    def _found(self) -> Iterator[_Event]:
        prompts = self._simulator.prompts
        for prompt in prompts[self._prompts :]:
            self._open[prompt.checkout_id] = prompt
            yield _of_prompt("pushed", prompt)
        self._prompts = len(prompts)
        for prompt in [one for one in self._open.values() if one.code is not None]:
            del self._open[prompt.checkout_id]
            yield _of_prompt("paid" if prompt.payment else "ended", prompt)
        payments = self._simulator.ledger.payments
        for payment in payments[self._payments :]:
            if payment.checkout_id is None:
                yield _Event(
                    "paid by hand", payment.phone, payment.cents, payment.reference, payment.receipt
                )
        self._payments = len(payments)
        reversals = self._simulator.ledger.reversals
        for reversal in reversals[self._reversals :]:
            of = reversal.of
            yield _Event("given back", of.phone, of.cents, of.reference, of.receipt)
        self._reversals = len(reversals)


def _of_prompt(name: str, prompt: Any) -> _Event:
    fields = prompt.fields
    receipt = prompt.payment.receipt if prompt.payment else ""
    return _Event(name, fields.phone, fields.cents, fields.reference, receipt, prompt.code or "")


def _event_json(event: _Event) -> dict[str, Any]:
    return {
        "event": event.name,
        "phone": event.phone,
        "amount_cents": event.cents,
        "reference": event.reference,
        "receipt": event.receipt or None,
        "code": event.code or None,
    }


def _event_words(event: _Event) -> str:
    words = {
        "pushed": _("asked: {phone} for {amount}, {reference}"),
        "paid": _("paid: {phone}, {amount}, {reference}, receipt {receipt}"),
        "ended": _("not paid: {phone}, {amount}, {reference}, code {code}"),
        "paid by hand": _("paid by hand: {phone}, {amount}, {reference}, receipt {receipt}"),
        "given back": _("given back: {phone}, {amount}, {reference}, receipt {receipt}"),
    }[event.name]
    return words.format(
        phone=event.phone,
        amount=format_amount(event.cents),
        reference=event.reference or "-",
        receipt=event.receipt,
        code=event.code,
    )


# what customers do


def _obey(simulator: Any) -> None:
    """Do what lines of standard input say, until they end."""
    with suppress(OSError, ValueError):
        for line in sys.stdin:
            if line.strip():
                _do(simulator, line.split())


def _do(simulator: Any, words: list[str]) -> None:
    try:
        _act(simulator, words)
    except (Refused, ValueError, LookupError) as error:
        complain(str(error))
    except Exception as error:  # noqa: BLE001 - a customer without money ends no simulator
        complain(f"{type(error).__name__}: {error}")


def _act(simulator: Any, words: list[str]) -> None:
    from pos_desktop.domain.phone import parse_phone

    match words:
        case ["pay", phone, amount, *reference] if len(reference) <= 1:
            simulator.pay_by_hand(parse_phone(phone), parse_amount(amount), *reference)
        case ["answer", phone, answer] if _ANSWERS.get(answer):
            simulator.answer(parse_phone(phone), _ANSWERS[answer])
        case _:
            raise Refused(
                _("Write pay PHONE AMOUNT [REFERENCE], or answer PHONE paid|cancel|wrong-pin.")
            )
