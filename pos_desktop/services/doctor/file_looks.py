"""The shop's file: whether it can be read, whole, and by this program; and who has it open."""

from __future__ import annotations

from collections.abc import Iterator

from pos_desktop import lock_names
from pos_desktop.domain.errors import PosError
from pos_desktop.domain.sizes import size_words
from pos_desktop.domain.text import _, joined
from pos_desktop.security.recovery import JOURNAL_KEY
from pos_desktop.services.doctor.examining import Group, Look
from pos_desktop.services.doctor.finding import Finding, State, disk_advice
from pos_desktop.services.doctor.patient import Patient
from pos_desktop.services.doctor.rights_looks import name_the_folder
from pos_desktop.shop_folder import HEAD_FILE, UPGRADE_FOLDER, NoShop, ShopFileGone
from pos_desktop.storage.audit import looks_changed
from pos_desktop.storage.database import LARGEST_LOG
from pos_desktop.storage.errors import FileTooNew, FileUnusable, mark_damage, translated
from pos_desktop.storage.file_look import journal_mode, log_file, page_faults
from pos_desktop.storage.journal import last_entry
from pos_desktop.storage.migrations import LATEST
from pos_desktop.storage.room import shop_bytes

PAGES_SECONDS = 3.0
"""How long the pages of the file are looked at: some gigabytes on a good disk."""
_HUGE_LOG = 2 * LARGEST_LOG


def _file(patient: Patient, look: Look) -> Iterator[Finding]:
    try:
        found = patient.opened()
    except (PosError, OSError) as error:
        yield look.broken(*_why_not(patient, error))
        if patient.has_file:
            yield Finding(
                check="unread",
                title=_("Not looked at"),
                state=State.NOTE,
                detail=_(
                    "Devices, jobs, backups and servers: what is set up stands in the shop's file."
                ),
            )
        return
    fields = {
        "file": patient.file,
        "size": size_words(shop_bytes(patient.file)),
        "found": found,
        "latest": LATEST,
    }
    if found < LATEST:
        words = _("{file}, {size}, of version {found}: this program writes version {latest}.")
        advice = _(
            "Whoever opens the shop brings it up to date; a copy of it as it is now is put into "
            "{copies} first."
        )
        yield look.note(words.format(**fields), advice.format(copies=UPGRADE_FOLDER))
    else:
        yield look.ok(_("{file}, {size}, of version {found}").format(**fields))


def _why_not(patient: Patient, error: PosError | OSError) -> tuple[str, str]:
    """Return why the file cannot be read, and what to do."""
    fields = {"file": patient.file, "place": patient.directory}
    if isinstance(error, OSError):
        words = _("{file} cannot be read ({why}).")
        why = error.strerror or type(error).__name__
        advice = disk_advice()
        return words.format(**fields, why=why), advice
    if isinstance(error, FileTooNew):
        return _("A newer program has written {file}.").format(**fields), str(error)
    if isinstance(error, ShopFileGone):
        advice = _(
            "Look where it was moved and put it back, leave the rest as it is; else start the "
            "till, which brings the shop back from a backup."
        )
        return _("{file} is gone, other parts of the shop are there.").format(**fields), advice
    if not patient.has_file:
        advice = name_the_folder() if isinstance(error, NoShop) else str(error)
        return _("There is no shop in {place}.").format(**fields), advice
    advice = _ways_out() if isinstance(error, FileUnusable) else str(error)
    return _("{file} cannot be read.").format(**fields), advice


def _pages(patient: Patient, look: Look) -> Iterator[Finding]:
    try:
        with translated(patient.file):
            faults = page_faults(patient.any_reader, PAGES_SECONDS)
    except FileUnusable:
        yield look.broken(_("The file is damaged."), _ways_out())
        return
    if faults is None:
        words = _("The file is too large to be looked through in {seconds} seconds.")
        yield look.note(
            words.format(seconds=round(PAGES_SECONDS)), _("posctl verify takes its time for it.")
        )
    elif faults:
        mark_damage(patient.file)
        words = _("The file is damaged: {faults}")
        yield look.broken(words.format(faults="; ".join(faults)), _ways_out())
    else:
        yield look.ok(_("whole; posctl verify looks deeper"))


def _ways_out() -> str:
    """Say what a damaged file is saved by: the next start finds the mark that was left of it."""
    return _(
        "Stop selling, leave the whole folder as it is, and start the till anew: it offers to save "
        "what is good (posctl salvage), or to bring back a backup. What is there is put aside "
        "first."
    )


def _log(patient: Patient, look: Look) -> Iterator[Finding]:
    mode, log = journal_mode(patient.any_reader), log_file(patient.any_reader)
    size = log.stat().st_size if log.exists() else 0
    if mode != "wal":
        words = _("The file is written in the way “{mode}”, which is not safe beside others.")
        advice = _("Open the till once: that sets it right. If it does not, call support.")
        yield look.broken(words.format(mode=mode), advice)
    elif size > _HUGE_LOG:
        words = _("The log beside the file has grown to {size}.").format(size=size_words(size))
        yield look.note(words, _("Close every program of the shop, then open the till again."))
    else:
        yield look.ok(_("of the way “wal”, {size} long").format(size=size_words(size)))


def _head(patient: Patient, look: Look) -> Iterator[Finding]:
    """Tell, in a moment, whether the end of the journal is as it was left."""
    head, reader = patient.head, patient.reader
    newest = head.read()
    if newest is None and last_entry(reader)[0]:
        words = _("The journal's head {file} is missing, or is another shop's.")
        yield look.broken(
            words.format(file=patient.directory / HEAD_FILE),
            _("Put that file back from where it went. posctl verify tells what may be missing."),
        )
    elif looks_changed(reader, patient.secrets.get(JOURNAL_KEY), head):
        yield look.broken(
            _("The books are not as they were left: they were changed, cut or put back."),
            _("Run posctl verify, which says what; keep the folder as it is and call support."),
        )
    else:
        words = _("entry {seq}").format(seq=newest.seq) if newest else _("no entry yet")
        yield look.ok(words)


def _open(patient: Patient, look: Look) -> Iterator[Finding]:
    """Tell which programs are at work here; none of it is a fault."""
    if not patient.has_file:
        return
    tills, found = patient.tills, []
    if tills:
        found.append(_("a till") if tills == 1 else _("{count} tills").format(count=tills))
    names = {
        lock_names.WINDOW: _("the window"),
        lock_names.IMPORT: _("an import"),
        lock_names.PRICES: _("a change of prices"),
        lock_names.BACKUP: _("a backup"),
        lock_names.UPGRADE: _("an upgrade"),
        lock_names.BRINGING_BACK: _("who saves the shop or brings it back"),
    }
    found += [words for name, words in names.items() if patient.holds(name)]
    if patient.is_being_made:
        found.append(_("who makes a shop or brings one back"))
    yield look.ok(joined(", ", found) or _("nobody"))


GROUP = Group(
    "database",
    (
        Look("database", lambda: _("Shop's file"), _file),
        Look("pages", lambda: _("Its pages"), _pages),
        Look("log", lambda: _("Its log"), _log),
        Look("head", lambda: _("Head of the journal"), _head),
        Look("open", lambda: _("Who has it open"), _open),
    ),
)
