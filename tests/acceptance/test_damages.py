"""Whatever becomes of a shop's files: it is noticed, nothing crashes, and what is good is saved."""

from __future__ import annotations

import json
import logging
import random
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from pos_desktop.cli.main import main
from pos_desktop.domain.clock import SystemClock
from pos_desktop.shop import open_shop
from pos_desktop.shop_folder import DATABASE_FILE
from pos_desktop.shops.damage import is_whole
from tests.acceptance.aged_shops import aged_shop
from tests.acceptance.damaging import Rows, changed_values, damage, kind_of_damage, rows_of
from tests.acceptance.unnoticed import INDEX_OF_WORDS, is_harmless

TRIES, FULL_TRIES = 25, 1_000
LEAST_SAVED = 0.75
"""Of one spoilt place: a page of a small shop holds a sixth of its rows."""
FAULT = "fault of the program"


class Told:
    """What posctl says of a shop."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def by(self, *command: str) -> tuple[int, str, str]:
        """Run a command; it never crashes, and says what is wrong in one sentence."""
        code = main(list(command))
        out, err = self._capsys.readouterr()
        assert code in (0, 1), command
        assert FAULT not in err, (command, err)
        assert "Traceback" not in err
        if code and not out:
            assert err.count("\n") == 1, err
        return code, out, err


def share(before: Rows, after: Rows) -> float:
    """Return which share of the rows is there as it was; some are changed on purpose."""
    names = {
        name
        for name in before.keys() - {"print_job", "counter", "setting"}
        if not name.startswith((INDEX_OF_WORDS, "sqlite_"))
    }
    kept = sum((before[name] & after.get(name, Counter())).total() for name in names)
    return kept / sum(before[name].total() for name in names)


@pytest.fixture
def no_records() -> Iterator[None]:
    """Keep no record of what fails: its frames would keep cursors, and those the file open."""
    logging.disable()
    yield
    logging.disable(logging.NOTSET)


@pytest.mark.usefixtures("no_records")
def test_damage_is_noticed_and_what_is_good_is_saved(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], torture: bool
) -> None:
    directory, cut, older = aged_shop(tmp_path)
    before = rows_of(directory / DATABASE_FILE)
    told, counts, harmless = Told(capsys), Counter[str](), Counter[str]()
    shares: dict[str, list[float]] = {}
    wrong: list[str] = []
    for number in range(FULL_TRIES if torture else TRIES):
        victim, chance = tmp_path / str(number), random.Random(number)
        kind = kind_of_damage(chance)
        shutil.copytree(cut if "log" in kind else directory, victim)
        done = damage(victim, older, kind, chance)
        code, _out, _err = told.by("verify", "--json", "--data", str(victim))
        told.by("report", "x", "--json", "--data", str(victim))
        counts[f"{done.kind}: {'noticed' if code else 'not noticed'}"] += 1
        if not code:
            file = victim / DATABASE_FILE
            changed = changed_values(file, before, rows_of(file))
            counts["not noticed: no value changed"] += not changed
            for table, column, sort in changed:
                harmless[f"{table}.{column}"] += 1
                if not is_harmless(table, column):
                    wrong.append(f"{number}: {done}: {table}.{column} {sort}")
        saved = _saved(told, victim, done.kind)
        if saved is not None:
            counts["saved" if saved else f"{kind}: nothing to save"] += 1
            if saved:
                kept = share(before, saved)
                shares.setdefault(kind, []).append(kept)
                if kept < LEAST_SAVED and kind not in ("cut short", "log spoilt"):
                    wrong.append(f"{number}: {done}: {kept:.3f} saved")
        shutil.rmtree(victim)
    with capsys.disabled():
        print(f"\n{dict(sorted(counts.items()))}")
        print(f"changed without being noticed: {dict(harmless)}")
        for kind, of_kind in shares.items():
            mean = sum(of_kind) / len(of_kind)
            print(f"{kind}: saved least {min(of_kind):.3f}, mean {mean:.3f}")
        print(*wrong, sep="\n")
    assert not wrong


def _saved(told: Told, victim: Path, kind: str) -> Rows | None:
    """Save what is good where a page cannot be read; return the rows, none where nothing was."""
    if kind == "head or keys" or is_whole(victim, SystemClock()):
        return None
    code, out, _err = told.by("salvage", "--json", "--data", str(victim))
    if code:
        return {}
    saved = json.loads(out)
    assert Path(saved["aside"], DATABASE_FILE).exists()
    assert saved["ok"] or saved["missing"] or saved["strange_pages"] or saved["findings"]
    with closing(open_shop(victim)) as shop:
        assert shop.database.value("PRAGMA integrity_check") == "ok"
    return rows_of(victim / DATABASE_FILE)
