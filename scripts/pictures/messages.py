"""What jobs have left to say: the slip that comes up, and the list of messages."""

from __future__ import annotations

from collections.abc import Callable

from pos_desktop.domain.text import _, ngettext
from pos_desktop.services.imports.import_words import job_sentence
from pos_desktop.storage.notifications import add
from scripts.pictures.imports import LEFT_TO_A_JOB
from scripts.pictures.jobs import doubts, job_work, open_jobs, toast_shown
from scripts.pictures.office import MENU
from scripts.pictures.sell import SELLING
from scripts.pictures.stage import LONG_JOB
from scripts.pictures.steps import LONG_WORD, K, States, manager, until
from scripts.player import Player, Step

Told = tuple[str, str]
"""What a message says, and how its job has ended: done, partly or failed."""
Telling = Callable[[], Told]


def _leave(login: str, *told: Telling) -> Step:
    """Leave messages of jobs, as the jobs of another program do, and wait until one comes up."""

    def leave(player: Player) -> None:
        shop = player.program.shop
        owner = next(one.id for one in shop.sign_in.people() if one.login == login)
        now = int(shop.clock.now().timestamp() * 1000)
        with shop.database.write():
            for number, (text, ended) in enumerate((one() for one in told), start=12):
                add(
                    shop.database,
                    owner,
                    text,
                    now,
                    job=number,
                    has_failed=ended == "failed",
                    is_partly=ended == "partly",
                )
        toast_shown(player)

    return leave


def _put_away(player: Player) -> None:
    player.window.toast.leave()


def _done() -> Told:
    return _imported(rejected=0), "done"


def _partly() -> Told:
    return _imported(rejected=4), "partly"


def _imported(*, rejected: int) -> str:
    counts = {"rows": 214, "imported": 184 - rejected, "updated": 30, "unchanged": 0}
    kept = {
        "import": 12,
        "file": "prices of November.xlsx",
        "counts": {**counts, "rejected": rejected, "stock_ignored": 0},
        "reactivated": 0,
    }
    return job_sentence(kept).text


def _failed() -> Told:
    tries = ngettext(
        "It was tried once and did not succeed.",
        "It was tried {count} times and did not succeed.",
        5,
    )
    sentence = _("{job} (job {number}) has failed: {why}")
    return sentence.format(job="Mail receipt", number=31, why=tries.format(count=5)), "failed"


def _failed_at_length() -> Told:
    why = _("{file} has no column with a barcode or a code; name it with --map column=barcode.")
    sentence = _("{job} (job {number}) has failed: {why}").format(
        job=LONG_JOB.replace("_", " ").capitalize(),
        number=4711,
        why=why.format(file=f"{LONG_WORD}.xlsx"),
    )
    return sentence, "failed"


_four_shown = until(lambda player: player.window.jobs.screen.list.lines.rowCount() == 4)

_FOUR = _done, _partly, _failed_at_length, _failed
_TO_MESSAGES = (open_jobs, K.Key_Right, K.Key_Right, K.Key_Right)
_TOAST_FAILED = (*SELLING, _leave("cashier", _done, _done, _failed))
_TOAST_IN_OFFICE = (*MENU, _leave("manager", _partly))

STATES: States = {
    "toast_done": (*SELLING, _leave("cashier", _done)),
    "toast_partly": (*SELLING, _leave("cashier", _partly)),
    "toast_failed": _TOAST_FAILED,
    "toast_long": (
        doubts,
        *SELLING,
        _leave("cashier", *[_done] * 12, _failed_at_length),
    ),
    "toast_pill": (*_TOAST_FAILED, _put_away),
    "toast_in_office": _TOAST_IN_OFFICE,
    "messages": (
        *(manager, job_work, _leave("manager", *_FOUR), _put_away),
        *(*_TO_MESSAGES, _four_shown, K.Key_Down),
    ),
    "messages_many": (manager, _leave("manager", *[_done, _failed] * 120), open_jobs),
    "messages_of_cashier": (*_TOAST_FAILED, open_jobs),
    "messages_from_office": (*_TOAST_IN_OFFICE, open_jobs),
    "messages_of_import": LEFT_TO_A_JOB,
    "messages_empty": (manager, *_TO_MESSAGES),
}
