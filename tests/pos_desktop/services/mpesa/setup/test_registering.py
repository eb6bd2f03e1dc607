"""Registering a number: once, and it is known afterwards for which address that was."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pos_desktop import settings
from pos_desktop.services.check_step import CheckStep
from pos_desktop.services.mpesa.setup.daraja_line import DarajaLine
from pos_desktop.services.mpesa.setup.mpesa_setup import MpesaKey
from pos_desktop.services.mpesa.setup.registered import registered_step
from pos_desktop.services.mpesa.setup.setup_names import window_names
from tests.pos_desktop.services.mpesa.relay_scene import RelayScene, relayed

REPORTS = "M-Pesa reports here what customers pay"


@pytest.fixture
def scene(shop_directory: Path, tmp_path: Path) -> Iterator[RelayScene]:
    with relayed(shop_directory, tmp_path / "relay.sqlite") as scene:
        yield scene


def register(scene: RelayScene) -> CheckStep:
    """Register both, and return what has come of the reports."""
    return scene.mpesa.registering.register_all("0722000000", actor=None)[0]


def stands(scene: RelayScene) -> CheckStep:
    return registered_step(scene.mpesa.setup, scene.shop.configuration, window_names())


def let_real(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let M-Pesa be on no machine of the shop."""
    monkeypatch.setattr(DarajaLine, "is_on_this_machine", False)


def test_what_was_registered_is_known_without_its_secret(scene: RelayScene) -> None:
    assert (stands(scene).ok, stands(scene).is_needed) == (False, False)
    assert register(scene) == CheckStep(REPORTS, ok=True)
    kept = scene.shop.configuration.get(settings.MPESA_REGISTERED)
    assert kept.startswith("174379 relay.example.com ")
    assert scene.made.secret not in kept
    assert stands(scene).ok
    assert kept.split()[-1] in stands(scene).step
    again = register(scene)
    assert again.ok, "it is this very one"
    assert "this address is registered" in again.step


def test_another_secret_is_told_apart(scene: RelayScene, monkeypatch: pytest.MonkeyPatch) -> None:
    register(scene)
    old = scene.shop.configuration.get(settings.MPESA_REGISTERED).split()[-1]
    scene.mpesa.setup.put_keys({MpesaKey.RELAY_PATH: "other"}, actor=None)
    let_real(monkeypatch)
    for step in (register(scene), stands(scene)):
        assert step.is_in_the_way
        assert f"to relay.example.com, digest {old}" in step.detail
        assert "Delete the old one in M-Pesa's portal" in step.detail
    steps = scene.mpesa.setup_check.try_all(actor=None)
    assert any(old in one.detail for one in steps), "the page shows it as a step"


def test_what_somebody_else_registered_is_left_to_the_portal(
    scene: RelayScene, monkeypatch: pytest.MonkeyPatch
) -> None:
    register(scene)
    scene.shop.configuration.set(settings.MPESA_REGISTERED, "", scene.shop.books, actor=None)
    assert "the simulator has done it" in register(scene).step
    let_real(monkeypatch)
    assert "where it is that of relay.example.com" in register(scene).detail


def test_another_number_is_registered_anew(scene: RelayScene) -> None:
    register(scene)
    scene.shop.configuration.set(settings.MPESA_SHORTCODE, "174380", scene.shop.books, actor=None)
    assert (stands(scene).ok, stands(scene).is_needed) == (False, False)
