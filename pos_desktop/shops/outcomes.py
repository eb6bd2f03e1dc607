"""What a recovery has brought back, what is missing, and what to look at, in sentences."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from pos_desktop.domain.country import written_day, written_time
from pos_desktop.domain.text import _, joined, ngettext
from pos_desktop.shops.put_back import Demo, PutBack
from pos_desktop.shops.restored_shop import Restored
from pos_desktop.shops.salvaged_shop import Salvaged
from pos_desktop.shops.table_words import table_words
from pos_desktop.storage.salvage import Fate

_MOST_TABLES = 5
"""Of so many tables is said what is missing of each."""


def salvaged_sentences(saved: Salvaged, aside: Path) -> list[str]:
    """Return what was saved, what is missing, and what to look at, in sentences.

    `aside` is where the damaged file lies.
    """
    told = [
        ngettext(
            "{count:,} row was saved; the damaged file lies in {place}.",
            "{count:,} rows were saved; the damaged file lies in {place}.",
            saved.rows,
        ).format(count=saved.rows, place=aside)
    ]
    missing = _in_words(saved.missing)
    for words, fate in itertools.islice(missing.items(), _MOST_TABLES):
        told.append(_("Missing of {table}: {what}.").format(table=words, what=_missing(fate)))
    if len(missing) > _MOST_TABLES:
        told.append(
            _("And of others: {tables}.").format(tables=joined(", ", [*missing][_MOST_TABLES:]))
        )
    if saved.doubtful:
        doubtful: Counter[str] = Counter()
        for name, count in saved.doubtful.items():
            doubtful[table_words(name)] += count
        told.append(
            _("Saved with a spoilt value: rows of {tables}. posctl verify names them.").format(
                tables=joined(
                    ", ",
                    (
                        _("{table} ({count:,})").format(table=words, count=count)
                        for words, count in doubtful.items()
                    ),
                )
            )
        )
    told.extend(_put_back_sentences(saved.put_back))
    if saved.log_is_spoilt:
        told.append(_("What was sold last may be missing: the log beside the file was spoilt."))
    if saved.till_code != saved.old_till_code:
        told.append(
            _(
                "Its receipts begin with {code} from now on, so that no number of {old} is given "
                "out twice."
            ).format(code=saved.till_code, old=saved.old_till_code)
        )
    if saved.findings:
        told.append(_("The books that were saved are not in order: see posctl verify."))
    if saved.is_whole:
        told.append(_("Nothing is missing, and the books are in order."))
    return told


def _in_words(missing: Mapping[str, Fate]) -> dict[str, Fate]:
    """Return what is missing by the words for its tables; tables of the same words together."""
    found: dict[str, Fate] = {}
    for name, fate in missing.items():
        one = found.setdefault(table_words(name), Fate())
        one.spoilt += fate.spoilt
        one.lost_pages += fate.lost_pages
    return found


def _put_back_sentences(back: PutBack) -> Iterator[str]:
    """Yield what had to be put back, and what to look at then."""
    if back.rates:
        yield _(
            "The tax rates of bands {bands} could not be read: they have those of a new shop "
            "again. See in Goods that they are right before you sell."
        ).format(bands=", ".join(back.rates))
    if back.demo is Demo.UNKNOWN:
        yield _(
            "Whether this was a shop to try things out could not be read: it is a real one now. "
            "If it was one, sell nothing in it and make a new one."
        )


def _missing(fate: Fate) -> str:
    told = []
    if fate.spoilt:
        words = ngettext("{count:,} row", "{count:,} rows", fate.spoilt)
        told.append(words.format(count=fate.spoilt))
    if fate.lost_pages:
        words = ngettext(
            "what stood on {count:,} page of the file",
            "what stood on {count:,} pages of the file",
            fate.lost_pages,
        )
        told.append(words.format(count=fate.lost_pages))
    return joined(", ", told)


def back_words(restored: Restored) -> str:
    """Return where a shop is back, and as of which moment, in the shop's time.

    Where this computer's differs it stands beside: a backup is chosen by that one, since nobody
    knows the shop's before it is open.
    """
    place, at = restored.directory.absolute(), restored.taken_at
    here = at.astimezone()
    if here.utcoffset() == at.utcoffset():
        return _("The shop is back in {place}, as it was on {day} at {time}.").format(
            place=place, day=written_day(at), time=written_time(at)
        )
    return _(
        "The shop is back in {place}, as it was on {day} at {time} (on this computer's clock: "
        "{own_day} {own_time})."
    ).format(
        place=place,
        day=written_day(at),
        time=written_time(at),
        own_day=written_day(here),
        own_time=written_time(here),
    )


def restored_sentences(restored: Restored, aside: Path | None = None) -> list[str]:
    """Return what came back out of a backup, and what to look at, in sentences.

    `aside` is where what was there before lies.
    """
    told = [
        back_words(restored),
        _(
            "Its receipts begin with {code} from now on: those of {old} that were given out after "
            "the backup keep their numbers. Do not sell with the old till any more."
        ).format(code=restored.till_code, old=restored.old_till_code),
        *_left_sentences(restored.left),
    ]
    if aside is not None:
        told.append(_("What was there before lies in {place}.").format(place=aside))
    if restored.findings:
        told.append(
            _("The books are not in order, as when the backup was made: see posctl verify.")
        )
    return told


def _left_sentences(left: Mapping[str, int]) -> Iterator[str]:
    """Yield what waited when the backup was made, and may have been done since."""
    if count := left.get("prints", 0):
        yield ngettext(
            "{count:,} paper waited, and may be printed already: Ctrl P shows it.",
            "{count:,} papers waited, and each may be printed already: Ctrl P lists them.",
            count,
        ).format(count=count)
    if count := left.get("jobs", 0):
        yield ngettext(
            "{count:,} job waited, and may have been done already: Ctrl W shows it as failed. Try "
            "it again only if it was not done.",
            "{count:,} jobs waited, and each may have been done already: Ctrl W lists them as "
            "failed. Try one again only if it was not done.",
            count,
        ).format(count=count)
    if count := left.get("mails", 0):
        yield ngettext(
            "Of {count:,} person it is not known whether they got their mail: see E-mail.",
            "Of {count:,} people it is not known whether they got their mail: see E-mail.",
            count,
        ).format(count=count)
