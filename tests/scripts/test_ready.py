"""A checkout is made ready once, again when something changed, and says what it lacks."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from scripts import ready

WITHOUT_QT = {"libno-such-thing.so.1": "libnosuch1"}


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout of a few files whose environment was made to the end."""
    root = tmp_path / "a shop's checkout"
    (root / "scripts").mkdir(parents=True)
    for name in (*ready.LOCKS.values(), "pyproject.toml", "scripts/ready.py"):
        (root / name).write_text(name)
    venv = root / ".venv"
    python = venv / ready.PYTHON.relative_to(ready.VENV)
    python.parent.mkdir(parents=True)
    python.touch()
    for name, value in {
        "ROOT": root,
        "VENV": venv,
        "PYTHON": python,
        "MADE_BY": venv / "made-by",
        "CATALOGUES": root / "translations",
    }.items():
        monkeypatch.setattr(ready, name, value)
    ready.stamp_file("run").write_text(ready.fingerprint("run"))
    ready.MADE_BY.write_text(ready.maker())
    return root


@pytest.fixture
def no_programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine whose path holds the programs that a test puts there, and no library of Qt."""
    path = tmp_path / "path"
    path.mkdir()
    monkeypatch.setenv("PATH", str(path))
    monkeypatch.setattr(ready, "QT_LIBRARIES", WITHOUT_QT)
    return path


def _put(path: Path, name: str, code: int = 0) -> None:
    program = path / name
    program.write_text(f"#!/bin/sh\nexit {code}\n")
    program.chmod(0o755)


def test_a_ready_checkout_is_left_alone(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ready, "QT_LIBRARIES", {})
    monkeypatch.setattr(ready, "run", lambda *command: pytest.fail(f"{command} was run"))
    assert ready.main("run") == 0


@pytest.mark.parametrize("changed", ["requirements.lock", "pyproject.toml", "scripts/ready.py"])
def test_what_decides_the_environment_renews_it(checkout: Path, changed: str) -> None:
    (checkout / changed).write_text("changed")
    assert not ready.is_ready("run")
    assert ready.is_usable()


def test_what_is_ready_to_be_tested_is_ready_to_run_but_not_the_other_way(checkout: Path) -> None:
    assert ready.is_ready("run")
    assert not ready.is_ready("test")
    ready.stamp_file("run").rename(ready.stamp_file("test"))
    ready.stamp_file("test").write_text(ready.fingerprint("test"))
    assert ready.is_ready("run")
    assert ready.is_ready("test")


def test_an_environment_that_moved_is_made_anew(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ready, "ROOT", checkout.rename(checkout.with_name("elsewhere")))
    for name in ("VENV", "PYTHON", "MADE_BY"):
        moved = ready.ROOT / getattr(ready, name).relative_to(checkout)
        monkeypatch.setattr(ready, name, moved)
    assert ready.PYTHON.exists()
    assert not ready.is_usable()


def test_an_environment_of_another_python_is_made_anew(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "version", "3.99.0 (main)")
    assert not ready.is_usable()


def test_an_install_that_breaks_off_leaves_nothing_that_is_taken_for_ready(
    checkout: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(purpose: str) -> None:
        raise subprocess.CalledProcessError(1, ["pip", purpose])

    monkeypatch.setattr(ready, "QT_LIBRARIES", {})
    monkeypatch.setattr(ready, "install_packages", broken)
    (checkout / "requirements.lock").write_text("changed")
    assert ready.main("run") == 1
    assert "This step failed" in capsys.readouterr().err
    assert not ready.is_usable()


@pytest.mark.parametrize("wrong", [KeyboardInterrupt(), PermissionError(13, "not allowed")])
def test_what_goes_wrong_is_a_sentence(
    checkout: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    wrong: BaseException,
) -> None:
    def fails(purpose: str) -> bool:
        raise wrong

    monkeypatch.setattr(ready, "QT_LIBRARIES", {})
    monkeypatch.setattr(ready, "is_ready", fails)
    assert ready.main("run") == 1
    assert "Traceback" not in (said := capsys.readouterr().err)
    assert said.count("\n") == 1


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="packages are Debian's")
def test_everything_missing_is_named_at_once(
    checkout: Path, no_programs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready.MADE_BY.unlink()
    monkeypatch.setattr(ready, "find_spec", lambda name: None)
    monkeypatch.setattr(ready, "has_pip", lambda python: False)
    venv = f"python3.{sys.version_info.minor}-venv"
    assert ready.missing_system_packages("run") == ["libnosuch1", venv]
    assert ready.missing_system_packages("test") == [
        "libnosuch1",
        "zbar-tools",
        "poppler-utils",
        "binutils",
        venv,
    ]
    for tool in ready.TEST_TOOLS:
        _put(no_programs, tool)
    monkeypatch.setattr(ready, "has_pip", lambda python: True)
    assert ready.missing_system_packages("test") == ["libnosuch1"]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="packages are Debian's")
def test_who_may_not_install_reads_the_one_line(
    checkout: Path,
    no_programs: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    _put(no_programs, "apt-get")
    assert ready.main("run") == 1
    install = "apt-get install --no-install-recommends libnosuch1"
    line = f"  su - -c 'apt-get update && {install}'"
    assert capsys.readouterr().err.splitlines()[1:] == [line]
    _put(no_programs, "sudo", code=1)
    assert ready.main("run") == 1
    line = f"  sudo apt-get update && sudo {install}"
    assert capsys.readouterr().err.splitlines()[1:] == [line]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="packages are Debian's")
def test_apt_is_asked_by_who_may(no_programs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert ready.apt_prefix() is None
    _put(no_programs, "apt-get")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert ready.apt_prefix() is None
    _put(no_programs, "sudo")
    assert ready.apt_prefix() == [str(no_programs / "sudo"), "-n"]
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert ready.apt_prefix() == []


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="packages are Debian's")
def test_a_source_out_of_reach_does_not_keep_apt_from_installing(
    no_programs: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    log = tmp_path / "installed"
    program = no_programs / "apt-get"
    program.write_text(f'#!/bin/sh\ncase "$*" in *update*) exit 100;; esac\necho "$*" > "{log}"\n')
    program.chmod(0o755)
    ready.install_system_packages(["libnosuch1"])
    assert log.read_text().endswith("install --yes --no-install-recommends libnosuch1\n")
    program.write_text("#!/bin/sh\nexit 100\n")
    with pytest.raises(ready.NotReady, match="libnosuch1"):
        ready.install_system_packages(["libnosuch1"])


@pytest.mark.skipif(os.name == "nt", reason="a program is a script of the shell here")
def test_pip_installs_into_the_environment_whatever_its_configuration_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program, told = tmp_path / "pip", tmp_path / "told"
    program.write_text(f'#!/bin/sh\necho "$PIP_USER $*" > "{told}"\n')
    program.chmod(0o755)
    monkeypatch.setenv("PIP_USER", "1")
    ready.pip_install([program], "what")
    assert told.read_text() == "0 --disable-pip-version-check install --quiet what\n"


def test_a_catalogue_is_compiled_where_it_is_newer_than_what_was(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[str] = []
    monkeypatch.setattr(ready, "run", lambda command: ran.append(Path(command[-1]).name))
    monkeypatch.setattr(ready, "missing_system_packages", lambda _purpose: [])
    source, compiled = (checkout / "translations" / f"sw.{ending}" for ending in ("po", "mo"))
    source.parent.mkdir()
    source.touch()
    ready.make_ready("run")
    compiled.touch()
    os.utime(compiled, ns=(source.stat().st_mtime_ns, source.stat().st_mtime_ns))
    ready.make_ready("run")
    os.utime(source, ns=(compiled.stat().st_mtime_ns + 10**9,) * 2)
    ready.make_ready("run")
    assert ran == ["catalogues.py", "catalogues.py"]
