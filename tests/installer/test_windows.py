"""The Windows installers keep their word: what they are told, what they touch, what they leave."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element

import pytest
import yaml  # type: ignore[import-untyped]

from installer.windows import msi, setup, trial
from installer.windows.places import (
    HERE,
    MADE,
    OLDEST_BUILD,
    SPEC,
    TOO_OLD,
    four_numbers,
    msi_file,
    setup_file,
    version,
)
from tests.house.sources import PACKAGES, ROOT, modules

SCRIPT = (HERE / "setup.nsi").read_text(encoding="utf-8")
GUIDE = (ROOT / "docs" / "installing-windows.md").read_text(encoding="utf-8")
WORKFLOW = ROOT / ".github" / "workflows" / "windows.yml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with both programs."""
    made = tmp_path / "pos-desktop"
    (made / "_internal" / "PySide6").mkdir(parents=True)
    for name in ("pos-desktop.exe", "posctl.exe", "_internal/python3.dll", "_internal/PySide6/a&b"):
        (made / name).write_text(name)
    return made


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("0.1.0", "0.1.0.0"),
        ("1.2", "1.2.0.0"),
        ("1.2.3.4.5", "1.2.3.4"),
        ("2.0.0rc1", "2.0.0.0"),
        ("2.0.dev3", "2.0.0.0"),
    ],
)
def test_a_version_is_four_numbers(text: str, numbers: str) -> None:
    assert four_numbers(text) == numbers


def test_the_installers_have_the_version_of_the_project(folder: Path) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert version() == project["version"]
    assert setup.told(folder)["VERSION"] == version()
    assert product(folder).get("Version") == ".".join(four_numbers(version()).split(".")[:3])
    assert version() in setup_file().name
    assert version() in msi_file().name
    assert not re.search(r"\d+\.\d+\.\d+", SCRIPT), "no version stands in the script itself"


def test_the_setup_program_is_told_what_its_script_asks_for(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    header = SCRIPT.partition("Target")[0]
    monkeypatch.setenv(setup.SIGN, "sign %1")
    names = setup.told(folder)
    assert names["SIGN"] == "sign %1"
    assert [name for name in names if name not in header] == []
    assert [name for name in names if f"${{{name}}}" not in SCRIPT] == []
    monkeypatch.delenv(setup.SIGN)
    assert "SIGN" not in setup.told(folder), "without a command nothing is signed"


def test_both_installers_refuse_the_same_windows(folder: Path) -> None:
    rules = {one.get("Message"): one.text for one in product(folder).iter("Condition")}
    assert rules[TOO_OLD] == f"Installed OR WINDOWSBUILD >= {OLDEST_BUILD}"
    assert "${AtLeastBuild} ${OLDEST_BUILD}" in SCRIPT


def test_what_lies_in_the_folder_is_what_is_replaced_and_removed(folder: Path) -> None:
    entries = setup.entries_of(folder)
    assert entries == ["_internal", "pos-desktop.exe", "posctl.exe"]
    assert '!insertmacro ${what} "_internal"' in setup.macro(entries)
    assert "ForEachEntry Remove" in SCRIPT


def test_no_installer_opens_the_firewall_or_touches_the_shop(folder: Path) -> None:
    told = "\n".join([SCRIPT, *msi.statements(), *(str(one.attrib) for one in parts(folder))])
    assert not re.search(r"firewall|netsh", told, re.IGNORECASE)
    removed = re.findall(r"^\s*(?:RMDir|Delete) .*\$\{DATA\}.*$", SCRIPT, re.MULTILINE)
    assert [line.strip().partition(" ;")[0] for line in removed] == ['RMDir "${DATA}"']


def test_the_exit_codes_are_the_ones_that_are_told() -> None:
    used = {int(code) for code in re.findall(r"(?:EndWith|SetErrorLevel) (\d)", SCRIPT)}
    header = SCRIPT.partition("Target")[0]
    assert used == {0, trial.TILL_RUNS, trial.MSI_IS_HERE, 5, trial.NEWER_IS_HERE}
    for code in range(7):
        assert re.search(rf"\b{code} [a-z]", header), code
        assert f"| {code} |" in GUIDE, code


def test_every_line_of_the_guide_is_typed_in_the_trial_or_said_not_to_be() -> None:
    """What is typed stands there as it is typed; what is not is named where the trial is told."""
    fenced = [part.splitlines()[1:] for part in GUIDE.split("```")[1::2]]
    lines = {line.strip() for part in fenced for line in part}
    typed = trial.documented()
    others = lines - set(typed.values())
    assert set(typed.values()) <= lines
    assert [line for line in others if not line.startswith(trial.NOT_TYPED)] == []
    source = Path(trial.__file__).read_text(encoding="utf-8")
    assert [name for name in typed if f'trial.typed("{name}"' not in source] == []
    (said,) = [part for part in GUIDE.split("\n\n") if part.startswith("`installer/windows/try`")]
    assert [name for name in trial.NOT_TYPED if f"`{name}" not in said] == []


def parts(folder: Path) -> Iterator[Element]:
    return msi.description(folder, version()).iter()


def product(folder: Path) -> Element:
    return next(one for one in parts(folder) if one.tag == "Product")


def ids(folder: Path, tag: str) -> list[str]:
    return [one.get("Id", "") for one in parts(folder) if one.tag == tag]


def test_the_msi_has_every_file_once(folder: Path) -> None:
    sources = [one.get("Source", "") for one in parts(folder) if one.tag == "File"]
    names = sorted((MADE / source).resolve().relative_to(folder) for source in sources)
    assert names == sorted(f.relative_to(folder) for f in folder.rglob("*") if f.is_file())
    assert sorted(ids(folder, "Component")) == sorted(ids(folder, "ComponentRef"))
    assert len(set(ids(folder, "Component"))) == len(ids(folder, "Component"))
    codes = [one.get("Guid") for one in parts(folder) if one.tag == "Component"]
    assert len(set(codes)) == len(codes)


def test_another_file_makes_another_product_and_the_same_one_the_same(folder: Path) -> None:
    first = msi.product_code(folder, "1.0.0")
    assert msi.product_code(folder, "1.0.0") == first
    assert msi.product_code(folder, "1.0.1") != first
    (folder / "posctl.exe").write_text("another")
    assert msi.product_code(folder, "1.0.0") != first
    assert product(folder).get("UpgradeCode") == msi.UPGRADE_CODE


def test_an_msi_takes_the_place_of_older_ones_and_gives_way_to_newer_ones() -> None:
    rows = [line.split("\t") for line in msi.related_versions("1.2.3").splitlines()]
    assert all(len(row) == len(rows[0]) for row in (rows[1], *rows[3:]))
    older, newer = (dict(zip(rows[0], row, strict=True)) for row in rows[3:])
    assert (older["VersionMax"], older["Attributes"]) == ("1.2.3", "768")
    assert (newer["VersionMin"], newer["Attributes"]) == ("1.2.3", "2")


def test_an_msi_looks_for_a_till_before_it_removes_anything(folder: Path) -> None:
    said = "\n".join(msi.statements())
    (looks,) = re.findall(rf"'{msi.LOOK_FIRST}', '', (\d+)\)", said)
    later = {one.tag: int(one.get("Sequence", 0)) for one in parts(folder) if one.get("Sequence")}
    assert 1500 < int(looks) < later["InstallExecute"] < later["RemoveExistingProducts"]
    assert "MSIRESTARTMANAGERCONTROL" in ids(folder, "Property"), "else Windows closes the till"


def test_the_spec_names_every_package_and_each_module_is_found() -> None:
    tree = ast.parse(SPEC.read_text(encoding="utf-8"))
    (named,) = (
        ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "PACKAGES"
    )
    assert set(named) == set(PACKAGES)
    lost = [name for name, path in modules().items() if not (path.parent / "__init__.py").exists()]
    assert not lost, "PyInstaller walks packages alone"


def test_the_workflow_runs_what_is_there() -> None:
    text = WORKFLOW.read_text(encoding="utf-8")
    steps = [step for job in yaml.safe_load(text)["jobs"].values() for step in job["steps"]]
    said = "\n".join(step.get("run", "") for step in steps)
    for name in re.findall(r"(?:python|pwsh) (?:-m )?((?:installer|scripts)[\w./]*)", said):
        assert (ROOT / name).exists() or (ROOT / f"{name.replace('.', '/')}.py").exists(), name
    missing = [path for path in re.findall(r"tests/[\w/.]+", said) if not (ROOT / path).exists()]
    assert not missing
    assert not [step for step in steps if "ign" in step.get("name", "") and "if" not in step]
