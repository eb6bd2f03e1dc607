"""posctl on devices: each act waits for its own job and says what became of it."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from pos_hardware.faults import Fault
from pos_hardware.testing.simulator import PrinterSimulator
from pos_hardware.testing.virtual import set_fault

from pos_desktop.cli.main import main
from pos_desktop.storage import row_seals
from tests.pos_desktop.cli.conftest import Posctl
from tests.pos_hardware.lines import FarEnd


def _set_states(demo: Posctl, state: str) -> None:
    with closing(sqlite3.connect(demo.directory / "shop.sqlite")) as edit, edit:
        row_seals.register(edit)
        edit.execute("UPDATE print_job SET state = ?", (state,))


def _fault(demo: Posctl, fault: Fault) -> None:
    set_fault(demo.directory / "prints", fault)


def test_a_test_that_does_not_come_out_fails_and_is_listed(demo: Posctl) -> None:
    assert demo.json("printers", "jobs") == {"jobs": []}
    _fault(demo, Fault.PAPER_OUT)
    found = demo.json("printers", "test", "receipt", code=1)
    assert (found["state"], found["fault"]) == ("queued", "paper_out")
    assert "new roll" in demo.err
    assert "Test page" in demo.err
    job = demo.json("printers", "jobs")["jobs"][0]
    assert job["id"] == found["job"]
    assert (job["paper"], job["printer"], job["state"]) == ("Test page", "receipt", "queued")
    assert job["why"]
    assert job["what_to_do"]
    assert job["when"].startswith("20")
    assert "Test page" in demo("printers", "jobs")


def test_a_job_behind_one_that_is_stuck_does_not_pass_for_printed(demo: Posctl) -> None:
    """It was not tried itself, so that it bears no fault of its own."""
    _fault(demo, Fault.COVER_OPEN)
    demo("printers", "test", "receipt", code=1)
    demo("printers", "test", "receipt", code=1)
    assert "Asking the device" in demo.err
    assert "lid" in demo.err
    assert len(demo.json("printers", "jobs")["jobs"]) == 2


def test_an_unknown_paper_is_printed_again_or_settled(demo: Posctl) -> None:
    demo("printers", "test", "receipt")
    _set_states(demo, "unknown")
    assert "1 paper to look at: posctl printers jobs" in demo("printers")
    assert demo.json("printers")["to_look_at"] == 1
    job = demo.json("printers", "jobs")["jobs"][0]
    assert "print it again" in job["what_to_do"]
    assert demo.json("printers", "again", job["id"][-6:])["state"] == "printed"
    texts = sorted((demo.directory / "prints").glob("*.txt"))
    assert "COPY" not in texts[0].read_text()
    assert "COPY" in texts[1].read_text()
    demo("printers", "again", job["id"], code=1)
    assert "done already" in demo.err
    _set_states(demo, "failed")
    assert demo.json("printers", "done", job["id"])["state"] == "settled"
    assert demo.json("printers", "jobs") == {"jobs": []}
    assert "Nothing waits" in demo("printers", "jobs")
    demo("printers", "done", "nonsense", code=1)
    assert "printers jobs" in demo.err
    assert demo.json("verify")["ok"]


def test_a_drawer_on_its_own_line_is_opened_there(demo: Posctl) -> None:
    with FarEnd() as end:
        demo("config", "set", "drawer.address", f"serial://{end.path}")
        for command in (
            ("drawer", "open"),
            ("drawer", "open", "drawer"),
            ("printers", "test", "drawer"),
        ):
            assert demo.json(*command)["state"] == "sent"
            assert end.hear(1) == b"\x07"
        assert demo.json("drawer", "open", "receipt")["state"] == "sent"
    assert "drawer opens" in (demo.directory / "prints" / "000001.txt").read_text()
    with closing(sqlite3.connect(demo.directory / "shop.sqlite")) as books:
        noted = books.execute("SELECT detail FROM journal WHERE kind = 'drawer opened' ORDER BY 1")
        devices = [json.loads(detail)["device"] for (detail,) in noted]
    assert devices == ["drawer", "drawer", "drawer", "receipt"]


def test_a_device_that_is_not_there_is_refused_by_name(demo: Posctl) -> None:
    for command in (("drawer", "open", "drawer"), ("printers", "test", "drawer")):
        demo(*command, code=1)
        assert "known: receipt" in demo.err
        assert "posctl config set drawer.address serial://" in demo.err
    demo("config", "set", "printer.address", "")
    demo("drawer", "open", code=1)
    assert "No printer is set" in demo.err
    assert "posctl config set printer.address tcp://" in demo.err
    assert "posctl config set drawer.address serial://" in demo.err
    assert demo.json("printers", "jobs") == {"jobs": []}


def test_a_drawer_whose_printer_has_closed_is_said_so(demo: Posctl) -> None:
    with PrinterSimulator() as printer:
        demo("config", "set", "printer.address", printer.address)
        printer.dies_after = 0
        found = demo.json("drawer", "open", code=1)
    assert (found["state"], found["fault"]) == ("unknown", "lost")
    assert "broke off" in demo.err
    assert "closing" not in demo.err


def test_a_printer_that_never_answers_has_a_test_that_succeeds(demo: Posctl) -> None:
    """Also after one that does, at another address under the same name."""
    demo("printers", "test", "receipt")
    with PrinterSimulator() as printer:
        printer.set(answers=False)
        demo("config", "set", "printer.address", printer.address)
        found = demo.json("printers", "test", "receipt")
        assert (found["state"], found["fault"]) == ("sent", "silent")
        assert demo.json("printers", "test", "receipt")["fault"] == ""


def test_a_device_that_is_gone_fails_the_drawer(demo: Posctl) -> None:
    with PrinterSimulator() as printer:
        address = printer.address
    demo("config", "set", "printer.address", address)
    found = demo.json("drawer", "open", code=1)
    assert (found["state"], found["fault"]) == ("failed", Fault.UNREACHABLE.value)
    assert "check power" in demo.err


@pytest.mark.parametrize("key", ["printer.address", "drawer.address"])
def test_a_file_that_is_not_ours_is_no_printer(demo: Posctl, tmp_path: Path, key: str) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text("Dear customer")
    for address in (letter.as_uri(), "file:///dev/null", "usb printer"):
        demo("config", "set", key, address, code=1)
        assert key in demo.err
    demo("config", "set", "printer.address", (tmp_path / "prints.bin").as_uri())
    assert demo.json("printers", "test", "receipt")["state"] == "sent"
    (tmp_path / "prints.bin").write_text("Dear customer")
    assert demo.json("printers", "test", "receipt", code=1)["fault"] == "not_ours"
    assert "name a new file" in demo.err
    assert (tmp_path / "prints.bin").read_text() == "Dear customer"


def test_scanners_say_what_is_set_and_how(demo: Posctl) -> None:
    said = demo("scanners")
    assert "No serial scanner is set" in said
    assert "posctl config set scanner.address serial://" in said
    assert "6 signs or more" in said
    demo("config", "set", "scanner.min_length", "8")
    demo("config", "set", "scanner.address", "serial:///dev/ttyACM7")
    said = demo("scanners")
    assert "8 signs or more" in said
    assert "serial:///dev/ttyACM7" in said
    assert "No serial scanner is set" not in said
    assert demo.json("scanners")["configured"] == "serial:///dev/ttyACM7"


def test_who_listens_to_a_scanner_that_is_not_there_is_told(demo: Posctl, tmp_path: Path) -> None:
    gone = f"serial://{tmp_path}/gone"
    demo("config", "set", "scanner.address", gone)
    demo("scanners", "listen", "--seconds", "0.2")
    assert demo.err.count(f"No scanner at {gone}") == 1


def test_who_listens_without_a_serial_scanner_learns_how_to_test_one(demo: Posctl) -> None:
    demo("scanners", "listen", code=1)
    assert "scanning into any text" in demo.err
    assert "posctl config set scanner.address serial://" in demo.err
    assert len(demo.err.strip().splitlines()) == 1


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (("printers", "test"), "wait until it is out"),
        (("drawer", "open"), "journal"),
        (("scanners", "listen"), "until Ctrl C"),
    ],
)
def test_help_says_what_an_act_does(
    capsys: pytest.CaptureFixture[str], command: tuple[str, ...], words: str
) -> None:
    with pytest.raises(SystemExit):
        main([*command, "--help"])
    assert words in " ".join(capsys.readouterr().out.split())
