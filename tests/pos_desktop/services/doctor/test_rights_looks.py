"""What a login may not do is told, with who gives it the right; real logins, real rights."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from pos_desktop import settings
from pos_desktop.services.doctor import rights_looks
from pos_desktop.services.doctor.finding import State
from tests.pos_desktop.services.doctor.looked import (
    NOBODY,
    as_nobody,
    looked,
    seen,
    set_values,
    states,
)

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="rights of files")


@pytest.fixture
def public(made_shop: Path) -> Iterator[Path]:
    """A shop in a folder that every login reaches."""
    with tempfile.TemporaryDirectory(dir="/tmp") as name:
        Path(name).chmod(0o755)
        directory = Path(name) / "shop"
        shutil.copytree(made_shop, directory)
        directory.chmod(0o755)
        yield directory


def _of_nobody(directory: Path, made_shop: Path) -> dict[str, dict[str, str]]:
    return as_nobody("rights database disk queue", directory, made_shop)


def test_a_folder_that_is_closed_to_this_login_is_told(public: Path, made_shop: Path) -> None:
    public.chmod(0o700)
    found = _of_nobody(public, made_shop)
    assert (found["folder"]["state"], found["database"]["state"]) == ("broken", "broken")
    assert str(public) in found["folder"]["detail"]
    assert found["folder"]["advice"]


def test_a_parent_that_is_closed_is_told_too(public: Path, made_shop: Path) -> None:
    public.parent.chmod(0o700)
    assert _of_nobody(public, made_shop)["folder"]["state"] == "broken"


def test_a_file_that_this_login_may_not_read_is_told(public: Path, made_shop: Path) -> None:
    for path in public.iterdir():
        path.chmod(0o700 if path.is_dir() else 0o600)
    found = _of_nobody(public, made_shop)
    assert "may not read" in found["database"]["advice"]
    assert "shop.sqlite" in found["files"]["detail"]
    assert "secrets" in found["keys"]["detail"]


def test_a_shared_shop_whose_files_are_not_is_told(shop_directory: Path) -> None:
    shop_directory.chmod(0o2770)
    assert "g+rwX" in seen(shop_directory, "rights", "files").advice
    for path in shop_directory.rglob("*"):
        path.chmod(0o660)
    assert seen(shop_directory, "rights", "files").state is State.OK
    shop_directory.chmod(0o770)
    assert "2770" in seen(shop_directory, "rights", "folder").advice


def test_keys_that_everybody_may_read_are_told(shop_directory: Path) -> None:
    assert seen(shop_directory, "rights", "keys").state is State.OK
    (shop_directory / "secrets").chmod(0o644)
    found = seen(shop_directory, "rights", "keys")
    assert found.state is State.BROKEN
    assert "chmod 600" in found.advice
    shop_directory.chmod(0o755)
    assert seen(shop_directory, "rights", "folder").state is State.NOTE


@pytest.mark.spoils_books
@pytest.mark.parametrize("content", ["{", "{}"])
def test_missing_keys_are_one_broken_line(shop_directory: Path, content: str) -> None:
    (shop_directory / "secrets").write_text(content)
    found = states(looked(shop_directory))
    assert found["keys"] is State.BROKEN
    assert found["head"] is State.NOTE
    assert found["database"] is State.OK


def test_the_groups_that_devices_want_are_told(public: Path, made_shop: Path) -> None:
    set_values(
        public,
        {
            settings.PRINTER_ADDRESS: "usb:///dev/usb/lp0",
            settings.SCANNER_ADDRESS: "serial:///dev/ttyUSB0",
        },
    )
    if os.geteuid() == 0:
        for path in (public, *public.rglob("*")):
            os.chown(path, NOBODY, NOBODY)
    login = as_nobody("rights", public, made_shop)["login"]
    assert "usermod -aG lp,dialout" in login["advice"]


def test_a_disk_that_takes_no_writes_is_no_matter_of_rights(
    public: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rights_looks, "is_read_only", lambda _path: True)
    folder = seen(public, "rights", "folder")
    assert folder.state is State.BROKEN
    assert "read-only" in folder.detail
    assert "Restart the computer" in folder.advice
    assert "files" not in states(looked(public, "rights"))


@pytest.mark.parametrize("name", ["locks", "logs", "crashes", "exports", "prints"])
def test_a_folder_that_cannot_be_filled_is_told(public: Path, made_shop: Path, name: str) -> None:
    _give_to_nobody(public)
    (public / name).mkdir(exist_ok=True)
    (public / name).chmod(0o555)
    os.chown(public / name, 0, 0)
    found = as_nobody("rights", public, made_shop)["files"]
    assert (found["state"], name in found["detail"]) == ("broken", True)
    assert "As root: chown -R nobody" in found["advice"]  # whose shop it is looks itself


def test_of_a_printer_nothing_is_said_whose_lock_cannot_be_seen(
    public: Path, made_shop: Path
) -> None:
    set_values(public, {settings.PRINTER_ADDRESS: f"virtual://{public}/prints"})
    _give_to_nobody(public)
    (public / "locks").chmod(0)
    os.chown(public / "locks", 0, 0)
    printer = as_nobody("printers", public, made_shop)["printer"]
    assert printer["state"] == "note"
    assert "may not see whether a till has it" in printer["detail"]
    assert "cable" not in printer["advice"]


def _give_to_nobody(directory: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can give it away")
    for path in (directory, *directory.rglob("*")):
        os.chown(path, NOBODY, NOBODY)
