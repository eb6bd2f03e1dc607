"""posctl speaks Swahili where POS_LANG asks for it; what scripts read stays as it is."""

from __future__ import annotations

import pytest

from pos_desktop.cli.main import main
from tests.pos_desktop.cli.conftest import Posctl

DAY = ("--from", "2026-11-24", "--to", "2026-11-25")


@pytest.fixture(autouse=True)
def swahili(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POS_LANG", "sw")


def test_help_and_usage_are_swahili(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    shown = capsys.readouterr().out
    assert shown.startswith("matumizi: posctl")
    assert "onyesha msaada huu na utoke" in shown
    assert "usage" not in shown
    with pytest.raises(SystemExit):
        main(["report", "nothing"])
    assert "posctl report: kosa: hoja name: chaguo si sahihi" in capsys.readouterr().err


def test_refusals_tables_and_answers_are_swahili(demo: Posctl) -> None:
    assert "Duka" in demo.out
    demo("init", "--demo", code=1)
    assert "Kuna duka katika" in demo.err
    assert "Muhtasari wa mauzo" in demo("report", "sales-summary", *DAY)
    assert "muundo: iko sawa" in demo("verify")
    demo("config", "set", "ui.sound", "hapana")
    assert demo.json("config", "get", "ui.sound")["value"] is False


def test_what_scripts_read_is_the_same_in_every_language(
    demo: Posctl, monkeypatch: pytest.MonkeyPatch
) -> None:
    reports = ("sales-summary", "vat", "sales-by-product", "stock-value")

    def read() -> list[object]:
        tables = [demo("report", name, *DAY, "--format", "csv") for name in reports]
        documents = [demo.json("report", name, *DAY) for name in reports]
        checks = [check["check"] for check in demo.json("verify")["checks"]]
        return [*tables, *documents, checks, [*demo.json("queue", "monitor")]]

    swahili = read()
    monkeypatch.setenv("POS_LANG", "en")
    assert swahili == read()
