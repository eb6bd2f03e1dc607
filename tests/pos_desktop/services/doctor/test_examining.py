"""Every look is guarded, none is waited for too long, and all are in one language."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from pos_desktop.crash_reports import watched_for_crashes
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.text import _, speaking
from pos_desktop.languages import learn_languages
from pos_desktop.services.doctor.all_looks import every_group
from pos_desktop.services.doctor.examining import Group, Look, chosen, examine
from pos_desktop.services.doctor.finding import Finding, State
from pos_desktop.services.doctor.patient import Patient
from pos_desktop.services.doctor.report_words import report_text
from tests.house.sources import ROOT


def _well(_patient: Patient, look: Look) -> Iterator[Finding]:
    yield look.ok("as it should be")


WELL = Look("well", lambda: _("Clock"), _well)


def _fails(_patient: Patient, look: Look) -> Iterator[Finding]:
    yield look.ok("the first of two")
    raise KeyError("lost")


def _group(name: str, *looks: Look) -> Group:
    return Group(name, looks)


def test_a_look_that_fails_is_a_line_with_a_report_and_the_others_go_on(
    shop_directory: Path,
) -> None:
    group = _group("one", Look("odd", lambda: "Odd", _fails), WELL)
    with watched_for_crashes(shop_directory, "posctl"):
        report = examine(Patient(shop_directory), [group])
    found = [(one.check, one.state) for one in report.findings]
    assert found == [("odd", State.OK), ("odd", State.BROKEN), ("well", State.OK)]
    detail = report.findings[1].detail
    assert "KeyError" in detail
    (left,) = (shop_directory / "crashes").glob("*.txt")
    assert left.stem.rpartition("-")[2] in detail
    assert "KeyError: 'lost'" in left.read_text(encoding="utf-8")
    assert not report.ok


def test_a_look_that_hangs_is_left_behind(tmp_path: Path) -> None:
    over = threading.Event()

    def hangs(_patient: Patient, look: Look) -> Iterator[Finding]:
        over.wait()
        yield look.ok("at last")

    slow = _group("slow", Look("hangs", lambda: "Hangs", hangs))
    try:
        report = examine(Patient(tmp_path), [slow, _group("quick", WELL)], 0.3)
        assert not over.is_set(), "it hangs still"
    finally:
        over.set()
    assert [one.state for one in report.findings] == [State.BROKEN, State.OK]


def test_all_threads_speak_the_language_of_who_asks(tmp_path: Path) -> None:
    learn_languages()
    with speaking("sw"):
        report = examine(Patient(tmp_path), [_group("one", WELL)])
        assert [one.title for one in report.findings] == ["Saa"]
        assert "sawa" in report_text(report)


def test_groups_are_chosen_by_name() -> None:
    names = [group.name for group in every_group()]
    assert len({*names}) == len(names)
    assert [group.name for group in chosen(every_group(), ["clock", "disk"])] == ["disk", "clock"]
    with pytest.raises(Refused, match="no check moon"):
        chosen(every_group(), ["moon"])


def test_no_name_of_a_check_is_given_twice() -> None:
    names = [look.check for group in every_group() for look in group.looks]
    assert len({*names}) == len(names)


def test_the_document_names_every_group() -> None:
    document = (ROOT / "docs" / "troubleshooting.md").read_text(encoding="utf-8")
    table = document.partition("| `--check` |")[2].partition("\n\n")[0]
    told = re.findall(r"`([a-z]+)`", "".join(line.split("|")[1] for line in table.splitlines()[2:]))
    assert told == [group.name for group in every_group()]
