"""What trying the setup says: each thing that is commonly wrong, in words that name it."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import timedelta
from pathlib import Path

import pytest
from pos_sync.testing.mpesa.calls import Call
from pos_sync.testing.mpesa.said import Said
from pos_sync.testing.mpesa.scripts import Trouble

from pos_desktop import settings
from pos_desktop.cli.mpesa_shown import missing
from pos_desktop.services.mpesa.setup.daraja_line import DarajaLine
from pos_desktop.services.mpesa.setup.mpesa_setup import MpesaKey, MpesaSetup
from pos_desktop.services.mpesa.setup.setup_check import MOST_STEPS
from pos_desktop.services.mpesa.setup.setup_names import console_names, window_names
from pos_desktop.services.mpesa.setup.setup_needs import needs
from tests.pos_desktop.services.mpesa.relay_scene import RelayScene, relayed
from tests.pos_desktop.services.mpesa.scene import ACCOUNT
from tests.pos_sync.relay import scene as relays


@pytest.fixture
def scene(shop_directory: Path, tmp_path: Path) -> Iterator[RelayScene]:
    with relayed(shop_directory, tmp_path / "relay.sqlite") as scene:
        scene.mpesa.registering.register_list("0722000000", actor=None)
        scene.simulator.pay_by_hand("254712345678", 100_00, "DUKA")
        scene.mpesa.payment_list.run()
        yield scene


def wrong(scene: RelayScene) -> dict[str, str]:
    """Return what is not in order."""
    steps = scene.mpesa.setup_check.try_all(actor=None)
    return {one.step: one.detail for one in steps if one.is_in_the_way}


def notes(scene: RelayScene) -> dict[str, str]:
    """Return what is not there, and not needed."""
    steps = scene.mpesa.setup_check.try_all(actor=None)
    return {one.step: one.detail for one in steps if not one.ok and not one.is_needed}


def put(scene: RelayScene, key: MpesaKey, text: str) -> None:
    scene.mpesa.setup.put_keys({key: text}, actor=None)


def test_everything_is_in_order(scene: RelayScene) -> None:
    steps = scene.mpesa.setup_check.try_all(actor=None)
    assert [one.step for one in steps if one.ok] == [
        "a number to pay to",
        "M-Pesa takes the keys",
        "this computer's clock",
        "an address for reports",
        "the relay answers this till",
        "the secret of the address",
        "the passkey of the number",
        "the list of payments",
        "an operator who may give money back",
    ]
    assert len(steps) == 9
    assert scene.simulator.pushes_accepted == 0


@pytest.mark.parametrize(
    ("key", "text", "step", "words"),
    [
        (MpesaKey.CONSUMER_SECRET, "", "M-Pesa takes the keys", "Type “Consumer secret”"),
        (MpesaKey.CONSUMER_SECRET, "other", "M-Pesa takes the keys", "does not accept"),
        (MpesaKey.PASSKEY, "other", "the passkey of the number", "do not belong together"),
        (MpesaKey.RELAY_PATH, "", "an address for reports", "no phone can be asked"),
        (MpesaKey.RELAY_KEY, "", "the relay answers this till", "Type “Key of this till”"),
        (
            MpesaKey.RELAY_KEY,
            "other",
            "the relay answers this till",
            "does not know “Key",
        ),
        (MpesaKey.RELAY_PATH, "other", "the secret of the address", "is not that of duka"),
    ],
)
def test_a_key_that_is_missing_or_wrong(
    scene: RelayScene, key: MpesaKey, text: str, step: str, words: str
) -> None:
    put(scene, key, text)
    assert words in wrong(scene)[step]


def test_an_operator_is_not_needed(scene: RelayScene) -> None:
    put(scene, MpesaKey.CREDENTIAL, "")
    assert not wrong(scene)
    assert "portal" in notes(scene)["an operator who may give money back"]


def test_a_fresh_relay_with_only_the_key_renewed(scene: RelayScene, tmp_path: Path) -> None:
    """The till reads, but M-Pesa reports to an address that the new relay does not know."""
    fresh = relays.make_shop(str(tmp_path / "fresh.sqlite"), name="moved", tills=("T1",))
    with relays.running(str(tmp_path / "fresh.sqlite")) as relay:
        scene.shop.configuration.set(
            settings.MPESA_RELAY_URL, relay.url, scene.shop.books, actor=None
        )
        put(scene, MpesaKey.RELAY_KEY, fresh.keys["T1"])
        assert "is not that of moved" in wrong(scene)["the secret of the address"]
        put(scene, MpesaKey.RELAY_PATH, fresh.secret)
        assert not wrong(scene)


@pytest.fixture
def public(scene: RelayScene, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Let M-Pesa be the real one, and the address for reports lead where a test says."""
    monkeypatch.setattr(DarajaLine, "is_on_this_machine", False)

    def lead(url: str) -> None:
        monkeypatch.setattr(MpesaSetup, "reports_at", url)

    return lead


def test_where_the_address_for_reports_leads(
    scene: RelayScene, public: Callable[[str], None], tmp_path: Path
) -> None:
    step = "the address for reports leads to the relay"
    public(scene.relay.url)
    assert not wrong(scene)
    assert len(scene.mpesa.setup_check.try_all(actor=None)) == MOST_STEPS
    relays.make_shop(str(tmp_path / "other.sqlite"), name="other")
    with relays.running(str(tmp_path / "other.sqlite")) as other:
        public(other.url)
        assert "no relay knows the shop's secret" in wrong(scene)[step]
    assert scene.relay.counts.stored == 0, "nothing is left at a relay"
    public("http://127.0.0.1:9")
    assert not wrong(scene)
    assert "try it from outside" in notes(scene)[step]


def test_a_till_without_its_head_office(scene: RelayScene) -> None:
    scene.shop.configuration.set(settings.MPESA_KIND, "till", scene.shop.books, actor=None)
    assert "“Head office number”" in wrong(scene)["a number to pay to"]


def test_nothing_is_set_up(scene: RelayScene) -> None:
    scene.shop.configuration.set(settings.MPESA_SHORTCODE, "", scene.shop.books, actor=None)
    (step,) = scene.mpesa.setup_check.try_all(actor=None)
    assert "Type “M-Pesa number”" in step.detail


def test_another_number_than_that_of_the_app(scene: RelayScene) -> None:
    assert ACCOUNT.number != "174380"
    scene.shop.configuration.set(settings.MPESA_SHORTCODE, "174380", scene.shop.books, actor=None)
    found = wrong(scene)
    assert "does not know this number" in found["the passkey of the number"]


def test_tills_of_one_number_without_a_relay_are_warned(scene: RelayScene) -> None:
    configuration, books = scene.shop.configuration, scene.shop.books
    for setting in (settings.MPESA_RELAY_URL, settings.MPESA_CALLBACK_URL):
        configuration.set(setting, "", books, actor=None)
    assert "the relay answers this till" not in wrong(scene)
    configuration.set(settings.MPESA_SHARED, True, books, actor=None)
    assert "at two of them" in wrong(scene)["the relay answers this till"]


def test_there_is_no_network(scene: RelayScene) -> None:
    address = scene.simulator.base_url
    gone = address.rpartition(":")[0] + ":9"
    scene.shop.configuration.set(settings.MPESA_BASE_URL, gone, scene.shop.books, actor=None)
    scene.shop.configuration.set(settings.MPESA_RELAY_URL, gone, scene.shop.books, actor=None)
    found = wrong(scene)
    assert "Nothing listens where M-Pesa should be" in found["M-Pesa takes the keys"]
    assert "Nothing listens where the relay should be" in found["the relay answers this till"]
    assert "mpesa.relay_url" in found["the relay answers this till"], "that is where it was asked"
    scene.shop.configuration.set(settings.MPESA_RELAY_URL, "", scene.shop.books, actor=None)
    there = "https://127.0.0.1:9"
    scene.shop.configuration.set(settings.MPESA_CALLBACK_URL, there, scene.shop.books, actor=None)
    assert "“Address for reports”" in wrong(scene)["the relay answers this till"]


PAGE = b"<html><body>Welcome to our hotel. Please sign in.</body></html>"


@pytest.mark.parametrize(
    ("status", "body", "words"),
    [
        (200, PAGE, "open a browser on this computer"),
        (302, b"", "open a browser on this computer"),
        (511, PAGE, "open a browser on this computer"),
        (407, PAGE, "A proxy of this network"),
        (403, PAGE, "forbids it (403)"),
        (404, PAGE, "Something else than M-Pesa answers there (404)"),
        (500, PAGE, "M-Pesa itself is out of order (500)"),
        (503, b"", "M-Pesa itself is out of order (503)"),
    ],
)
def test_who_answers_in_m_pesa_s_place_is_told_apart(
    scene: RelayScene, status: int, body: bytes, words: str
) -> None:
    said = Said(status=status, body=body, content_type="text/html")
    scene.simulator.plan(Trouble(at=Call.TOKEN, is_done=False, say=said))
    assert words in wrong(scene)["M-Pesa takes the keys"]


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("200 OK", "in the place of the relay"),
        ("302 Found", "open a browser"),
        ("407 Proxy", "A proxy of this network"),
        ("404 Not Found", "no relay at this address"),
        ("502 Bad Gateway", "The relay itself is out of order (502)"),
    ],
)
def test_who_answers_in_the_relay_s_place_is_told_apart(
    scene: RelayScene, status: str, words: str
) -> None:
    with somebody(status, PAGE) as url:
        scene.shop.configuration.set(settings.MPESA_RELAY_URL, url, scene.shop.books, actor=None)
        assert words in wrong(scene)["the relay answers this till"]


@contextmanager
def somebody(status: str, body: bytes) -> Iterator[str]:
    """Run a server that answers everything alike; return its address."""
    answer = f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"

    def serve() -> None:
        with suppress(OSError):
            while True:
                line, _ = server.accept()
                with closing(line):
                    line.recv(65_536)
                    line.sendall(answer.encode() + body)

    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
        server.shutdown(socket.SHUT_RDWR)
        thread.join(10)


def test_the_page_names_its_fields_and_the_console_its_settings(scene: RelayScene) -> None:
    scene.shop.configuration.set(settings.MPESA_KIND, "till", scene.shop.books, actor=None)
    put_all = dict.fromkeys(MpesaKey, "")
    scene.mpesa.setup.put_keys(put_all, actor=None)
    page, console = (
        [one.detail for one in needs(scene.mpesa.setup, names) if not one.ok]
        for names in (window_names(), console_names())
    )
    assert len(page) == len(console) == 6
    assert not any("mpesa." in one or "posctl mpesa" in one for one in page)
    for text in ("mpesa.head_office", "consumer-key", "passkey", "relay-path", "relay-key"):
        assert any(text in one for one in console), text


def test_status_and_page_find_the_same(scene: RelayScene) -> None:
    """A till without its head office is missing it at the console, too."""
    scene.shop.configuration.set(settings.MPESA_KIND, "till", scene.shop.books, actor=None)
    put(scene, MpesaKey.PASSKEY, "")
    found = {one.step for one in needs(scene.mpesa.setup, window_names()) if one.is_in_the_way}
    assert found == {*wrong(scene)} == {"a number to pay to", "the passkey of the number"}
    assert any("mpesa.head_office" in one for one in missing(scene.mpesa.setup))


def test_a_clock_that_is_off(scene: RelayScene, monkeypatch: pytest.MonkeyPatch) -> None:
    now = scene.clock.now
    monkeypatch.setattr(scene.clock, "now", lambda: now() + timedelta(minutes=7))
    assert "7 minutes" in wrong(scene)["this computer's clock"]


def test_an_app_without_the_list(scene: RelayScene) -> None:
    fault = {"fault": {"faultstring": "Invalid API call as no apiproduct match found"}}
    said = Said(status=404, body=json.dumps(fault).encode())
    scene.simulator.plan(Trouble(at=Call.PULL, is_done=False, say=said))
    words = wrong(scene)["the list of payments"]
    assert "no right to this" in words
    assert "F6" in words
