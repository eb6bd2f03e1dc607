"""The network, and servers on this machine: there, away, half set up; nobody else is asked."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from pos_sync.testing.activation_simulator import ActivationSimulator
from pos_sync.testing.mail_simulator import MailSimulator
from pos_sync.testing.mpesa.habits import Merchant
from pos_sync.testing.mpesa.simulator import MpesaSimulator

from pos_desktop import settings
from pos_desktop.services.doctor.finding import State
from pos_desktop.services.mpesa.setup.mpesa_setup import MpesaKey
from pos_desktop.shop import Shop
from tests.pos_desktop.services.doctor.looked import looked, seen, set_values, states
from tests.pos_desktop.services.licences import set_up as set_up_licence
from tests.pos_desktop.services.licences import supplier
from tests.pos_desktop.services.mails import set_up
from tests.pos_desktop.services.mpesa.scene import ACCOUNT, KEYS

SERVERS = ("network", "mail", "mpesa", "relay", "licence")


@pytest.fixture
def in_a_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pos_sync.way_out.own_address", lambda: "192.168.1.7")


@pytest.fixture
def in_no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pos_sync.way_out.own_address", lambda: None)


@pytest.mark.usefixtures("in_a_network")
def test_nobody_is_asked_whom_the_shop_has_not_set_up(shop_directory: Path) -> None:
    assert states(looked(shop_directory, *SERVERS)) == {
        "network": State.OK,
        "licence": State.OK,
    }


@pytest.mark.usefixtures("in_a_network")
def test_a_mail_server_answers_or_is_broken(shop: Shop) -> None:
    with MailSimulator() as server:
        set_up(shop, server.port)
        assert seen(shop.directory, "mail", "mail").state is State.OK
        assert not server.recipients
    found = seen(shop.directory, "mail", "mail")
    assert (found.state, "posctl mail check" in found.advice) == (State.BROKEN, True)
    shop.configuration.set(settings.MAIL_LOGIN, "njeri", shop.books, actor=None)
    assert "no password" in seen(shop.directory, "mail", "mail").detail


@pytest.mark.usefixtures("in_no_network")
def test_without_a_network_nothing_is_broken(shop: Shop) -> None:
    set_up(shop, 1)
    found = looked(shop.directory, *SERVERS)
    assert states(found)["network"] is State.NOTE
    assert states(found)["mail"] is State.NOTE
    assert all(one.ok for one in found)


@pytest.mark.usefixtures("in_a_network")
def test_mpesa_is_asked_for_a_token(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    with MpesaSimulator(
        Merchant(account=ACCOUNT, secrets=KEYS),
        now=lambda: datetime.now(UTC),
        monotonic=shop.clock.base.monotonic,
    ) as simulator:
        shop.configuration.set(settings.MPESA_BASE_URL, simulator.base_url, shop.books, actor=None)
        shop.configuration.set(settings.MPESA_SHORTCODE, ACCOUNT.number, shop.books, actor=None)
        assert seen(shop.directory, "mpesa", "mpesa").state is State.NOTE
        right = {
            MpesaKey.CONSUMER_KEY: KEYS.consumer_key,
            MpesaKey.CONSUMER_SECRET: KEYS.consumer_secret,
        }
        shop.mpesa.setup.put_keys(right, actor=None)
        assert seen(shop.directory, "mpesa", "mpesa").state is State.OK
        shop.mpesa.setup.put_keys({MpesaKey.CONSUMER_SECRET: "another"}, actor=None)
        found = seen(shop.directory, "mpesa", "mpesa")
        assert (found.state, "consumer-key" in found.advice) == (State.BROKEN, True)
    assert seen(shop.directory, "mpesa", "mpesa").state is State.BROKEN


@pytest.mark.usefixtures("in_a_network")
def test_a_demo_shop_asks_nobody_outside(demo_shop: Shop) -> None:
    found = {one.check: one for one in looked(demo_shop.directory, *SERVERS)}
    assert "Not asked" in found["mpesa"].detail
    assert not {"names", "relay"} & {*found}


@pytest.mark.usefixtures("in_a_network")
def test_a_name_that_is_not_found_is_told(shop_directory: Path) -> None:
    set_values(shop_directory, {settings.MAIL_SMTP_HOST: "no-such-host.invalid"})
    found = seen(shop_directory, "network", "names")
    assert (found.state, "no-such-host.invalid" in found.detail) == (State.BROKEN, True)


@pytest.mark.usefixtures("in_a_network")
def test_the_activation_server_is_asked(shop: Shop) -> None:
    server: ActivationSimulator
    with supplier() as server:
        set_up_licence(shop, server.base_url)
        assert states(looked(shop.directory, "licence")) == {
            "licence": State.OK,
            "licence-server": State.OK,
        }
    assert states(looked(shop.directory, "licence"))["licence-server"] is State.BROKEN
