"""The import of a supplier's list."""

from __future__ import annotations

from pathlib import Path
from unittest.mock import patch

from pos_desktop.storage import product_imports
from pos_desktop.storage.job_states import Begun
from pos_desktop.ui.screens.catalogue.import_page import ImportPage
from scripts.pictures.jobs import open_jobs, toast_shown
from scripts.pictures.office import MENU
from scripts.pictures.steps import LONG_NAME, K, States, chord, office, until
from scripts.player import Player

_TEA = """SKU,Jina,Bei,Remarks
T1,Green tea,185,new
T2,"{name}",120,
T3,White tea,no price,
T4,Red tea,1e9999,
T1,Green tea,190,again
"""


def _write_list(folder: Path) -> Path:
    file = folder / "tea and coffee, prices of November.csv"
    file.write_text(_TEA.format(name=LONG_NAME))
    return file


def _page(player: Player) -> ImportPage:
    return player.page("import", ImportPage)


def _open_files(player: Player) -> None:
    home = player.program.shop.directory.parent / "supplier lists"
    home.mkdir()
    _write_list(home)
    (home / "older").mkdir()
    page = player.office_page("import", ImportPage)
    page.files.open(home)
    player.settle(lambda: page.files.folder is not None)


def _begin_import(player: Player) -> int:
    shop = player.program.shop
    with shop.database.write():
        run = product_imports.begin(
            shop.database, shop.books, file_name="tea and coffee.csv", sheet="", staff_id=None
        )
    return run.number


def _let_one_run(player: Player) -> None:
    _begin_import(player)
    courses = player.program.shop.import_jobs.courses
    patch.object(courses, "is_running", return_value=True).start()


def _let_one_wait(player: Player) -> None:
    job = Begun(number=7, is_running=False, queue="imports", is_paused=True, cursor=b"")
    courses = player.program.shop.import_jobs.courses
    patch.object(courses, "_jobs", return_value={_begin_import(player): job}).start()


def _leave_to_a_job(player: Player) -> None:
    shop = player.program.shop
    shop.import_jobs.leave(_write_list(shop.directory.parent), actor=shop.till.person)
    toast_shown(player)


def _show_page(player: Player) -> None:
    player.window.office.show_page("import")
    player.settle()


_page_shown = until(lambda player: _page(player).isVisible())
_columns_read = until(lambda player: _page(player).columns.file is not None)
_tried = until(lambda player: _page(player).result is not None)
_tile_shown = until(lambda player: player.window.jobs.screen.first.isVisible())
_acts_shown = until(lambda player: len(_page(player).acts) > 2)
_outcome_shown = until(lambda player: _page(player).below is _page(player).outcome)

LEFT_TO_A_JOB = (*MENU, _leave_to_a_job, open_jobs, _tile_shown)
_COLUMNS = (_open_files, K.Key_Return, _columns_read)
_TRIED = (*_COLUMNS, chord(K.Key_Return), _tried)

STATES: States = {
    "import_list": (office("import"),),
    "import_list_runs": (_let_one_run, office("import"), _page_shown),
    "import_list_paused": (_let_one_wait, office("import"), _page_shown),
    "import_past_errors": (
        *LEFT_TO_A_JOB,
        *(_show_page, K.Key_Up, _acts_shown, K.Key_Return, _outcome_shown),
    ),
    "import_files": (_open_files,),
    "import_columns": _COLUMNS,
    "import_column_form": (*_COLUMNS, K.Key_Down, K.Key_Return),
    "import_tried": _TRIED,
    "import_errors_form": (*_TRIED, K.Key_F6),
}
