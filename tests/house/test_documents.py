"""What the documents tell people to type is known to posctl, and works on a shop.

Each command of README and docs is parsed by the real parser. All that need nothing outside this
computer are run, in the order in which they are read, on one demo shop; the others are named here,
with why.
"""

from __future__ import annotations

import io
import sys
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from pos_desktop.cli.main import main, parser
from tests.house.documents import Told, told_commands
from tests.house.sources import ROOT

NOT_RUN = {
    "init*": "the shop of this test is made by it; without --demo it asks on a terminal",
    "bench*": "takes a minute",
    "queue work*": "runs until Ctrl C",
    "scanners listen": "runs until Ctrl C",
    "relay serve *": "serves until Ctrl C",
    "mpesa simulator *": "serves until Ctrl C",
    "printers again *": "names a paper by an id that each shop makes anew",
    "printers done *": "names a paper by an id that each shop makes anew",
    "queue show *": "names a job by a number of its own shop",
    "queue retry *": "names a job by a number of its own shop",
    "queue forget *": "names a job by a number of its own shop",
    "printers --network": "looks into the network",
    "scales test": "needs a scale",
    "display test": "needs a display",
    "mail check": "asks a mail server",
    "mail show *": "names a mail by a number of its own shop",
    "mail retry *": "names a mail by a number of its own shop",
    "mail resend *": "names a mail by a number of its own shop",
    "mpesa test": "asks M-Pesa and a relay",
    "mpesa status": "asks M-Pesa and a relay",
    "mpesa import *": "needs a statement of the shop's own number",
    "licence pay *": "asks the supplier of the program",
    "licence again *": "asks the supplier of the program",
    "licence activate *": "needs a file of the supplier",
    "restore /media/stick/monday.posbackup": "asks for the recovery key on a terminal",
    "restore /media/stick/monday.posbackup --over *": "is for a shop that does not open",
}
TYPED = {
    "staff add *": "2580\n",
    "staff set-pin *": "8520\n",
    "mail password": "secret\n",
    "mpesa keys": "consumer-key=sim-key\nconsumer-secret=sim-secret\n",
}
"""What is typed where a command asks."""
MAY_FAIL = ("doctor*",)
"""What ends with 1 where something is not in order, as on a machine of tests."""
COMMANDS = told_commands()


def _reason(words: str) -> str:
    return next((why for told, why in NOT_RUN.items() if fnmatchcase(words, told)), "")


@pytest.mark.parametrize("told", COMMANDS, ids=lambda told: f"{told.document}: {told.words}")
def test_posctl_knows_what_a_document_tells(told: Told, capsys: pytest.CaptureFixture[str]) -> None:
    try:
        parser().parse_args(told.arguments)
    except SystemExit:
        pytest.fail(capsys.readouterr().err)


def test_what_is_not_run_is_told_somewhere() -> None:
    unused = [one for one in NOT_RUN if not any(fnmatchcase(t.words, one) for t in COMMANDS)]
    assert not unused
    assert sum(not _reason(told.words) for told in COMMANDS) > len(COMMANDS) // 2


def test_what_a_document_tells_works(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    places = _places(tmp_path)
    assert main(["--data", "shop", "init", "--demo"]) == 0
    key = capsys.readouterr().out.partition("Recovery key: ")[2].split()[0]
    (tmp_path / "key").write_text(f"{key}\n")
    wrong = []
    for told in COMMANDS:
        if _reason(told.words):
            continue
        relay = tmp_path / f"{Path(told.document).stem}-relay.sqlite"
        monkeypatch.setenv("POS_RELAY_DB", str(relay))
        typed = next((text for one, text in TYPED.items() if fnmatchcase(told.words, one)), "")
        monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
        code = main(_arguments(told, places))
        heard = capsys.readouterr()
        may_fail = any(fnmatchcase(told.words, one) for one in MAY_FAIL)
        if code and not (code == 1 and may_fail):
            wrong.append(f"{told.document}: {told.words}: {code}, {heard.err}")
    assert not wrong, "\n".join(wrong)


def _places(folder: Path) -> dict[str, str]:
    """Make what the documents name: a stick, a list of prices. Return how they are called here.

    Nothing outside this computer is asked: the printer is a virtual one, the mail server nobody.
    """
    for name in ("stick", "backups"):
        (folder / name).mkdir()
    (folder / "prices.csv").write_text("code,name,price\nX1,Rice 2 kg,320\n")
    return {
        "/media/stick": str(folder / "stick"),
        "/srv/backups": str(folder / "backups"),
        "tcp://192.168.1.50:9100": f"virtual://{(folder / 'prints').as_posix()}",
        "smtp.example.com": "127.0.0.1",
        "SAMPLE": str(ROOT / "resources/pos_resources/sample"),
    }


def _arguments(told: Told, places: dict[str, str]) -> list[str]:
    """Return what is typed, with the places of this test and of a shop that was restored."""
    typed = list(told.arguments)
    shop = "new" if "new" in typed[:2] else "shop"
    if "--data" in typed:
        at = typed.index("--data")
        del typed[at : at + 2]
    for named, place in places.items():
        typed = [one.replace(named, place) for one in typed]
    return ["--data", shop, *typed]


def test_each_document_stands_in_the_list_of_the_readme() -> None:
    told = (ROOT / "README.md").read_text(encoding="utf-8").partition("## Documents")[2]
    named = [one.name for one in (ROOT / "docs").glob("*.md")]
    assert not [name for name in named if f"`docs/{name}`" not in told]
