"""posctl mail: whether mail can go out, what became of it, and what a technician does about it."""

from __future__ import annotations

import argparse
import getpass
import sys
from typing import Any

from pos_desktop import settings
from pos_desktop.cli import numbers
from pos_desktop.cli.opened import opened
from pos_desktop.cli.output import print_json, print_table, written_minute
from pos_desktop.domain.mail import Fate, fate_words, mail_kind_words, state_words
from pos_desktop.domain.text import _, joined
from pos_desktop.services.mail.mail_waits import why_it_waits
from pos_desktop.services.mail.mail_words import again_sentence, subject_words
from pos_desktop.services.mail.mailing import ListedMail, ListedRecipient
from pos_desktop.storage.moments import from_stored

_SHOWN = 20


def add_to(groups: Any, common: argparse.ArgumentParser) -> None:
    """Add the parsers of this group."""
    mail = groups.add_parser("mail", parents=[common], help=_("mail that goes out"))
    acts = mail.add_subparsers(metavar="ACT", required=True)
    check = acts.add_parser("check", parents=[common], help=_("try the mail server, step by step"))
    check.set_defaults(run=_check)
    password = acts.add_parser(
        "password",
        parents=[common],
        help=_("keep the password of the mail server; asked for, or a line of standard input"),
    )
    password.set_defaults(run=_password)
    listing = acts.add_parser("list", parents=[common], help=_("the latest mails"))
    listing.add_argument("--most", type=numbers.count, default=_SHOWN, metavar="N")
    listing.set_defaults(run=_list)
    show = _of_one(acts, common, "show", _("to whom a mail went, and what became of it"), _show)
    show.add_argument("--only", choices=[fate.value for fate in Fate], help=_("only such"))
    _of_one(acts, common, "pause", _("let nobody else be written to for now"), _pause)
    _of_one(acts, common, "resume", _("go on with a mail that is paused"), _resume)
    _of_one(acts, common, "stop", _("end a mail: who waits does not get it"), _stop)
    _of_one(acts, common, "retry", _("write again to all for whom it has failed"), _retry)
    resend = _of_one(
        acts,
        common,
        "resend",
        _("write again to people of whom it is not known whether they got it"),
        _resend,
    )
    resend.add_argument(
        "numbers", nargs="+", type=numbers.count, metavar="NO", help=_("as show lists them")
    )


def _of_one(
    acts: Any, common: argparse.ArgumentParser, name: str, words: str, run: Any
) -> argparse.ArgumentParser:
    act: argparse.ArgumentParser = acts.add_parser(name, parents=[common], help=words)
    act.add_argument("mail", type=numbers.count, metavar="N", help=_("the number of the mail"))
    act.set_defaults(run=run)
    return act


def _check(options: argparse.Namespace) -> int:
    with opened(options) as shop:
        steps = shop.mail.setup.check(actor=None)
    is_good = all(step.ok for step in steps)
    if options.json:
        plain = [{"step": one.step, "ok": one.ok, "detail": one.detail} for one in steps]
        print_json({"ok": is_good, "steps": plain})
    else:
        titles = [_("Step"), "", _("What is so")]
        rows = [[one.step, _("ok") if one.ok else _("FAILED"), one.detail] for one in steps]
        print_table(titles, rows, set())
    return 0 if is_good else 1


def _password(options: argparse.Namespace) -> int:
    if sys.stdin.isatty():
        typed = getpass.getpass(_("Password of the mail server: "))
    else:
        typed = sys.stdin.readline().rstrip("\r\n")
    with opened(options) as shop:
        shop.mail.setup.set_password(typed, actor=None)
    if options.json:
        print_json({"kept": bool(typed)})
    else:
        print(_("The password is kept.") if typed else _("The password is taken away."))
    return 0


def _list(options: argparse.Namespace) -> int:
    with opened(options) as shop:
        found = shop.mail.mailing.listed(options.most, actor=None)
        zone = shop.configuration.zone
        name = shop.configuration.get(settings.SHOP_NAME)
        waits = {one.mail.number: why_it_waits(one.mail, shop.queue.views) for one in found}
    if options.json:
        print_json({"mails": [_as_json(one) | _why(waits[one.mail.number]) for one in found]})
        return 0
    titles = [_("Mail"), _("When"), _("Kind"), _("Subject"), _("State"), _("Recipients")]
    rows = [
        [
            str(one.mail.number),
            written_minute(from_stored(one.mail.asked_at), zone),
            mail_kind_words(one.mail.kind),
            subject_words(one.mail.subject, name),
            state_words(one.mail.state),
            _counted(one),
        ]
        for one in found
    ]
    print_table(titles, rows, {0})
    for number, why in waits.items():
        if why:
            print(_("Mail {number} waits: {why}").format(number=number, why=why))
    return 0


def _why(why: str) -> dict[str, Any]:
    return {"why": why} if why else {}


def _show(options: argparse.Namespace) -> int:
    fates = [Fate(options.only)] if options.only else [*Fate]
    with opened(options) as shop:
        mailing = shop.mail.mailing
        mail = mailing.find(options.mail, actor=None)
        outcomes = mailing.outcomes(options.mail, fates, limit=-1, actor=None)
        why = why_it_waits(mail, shop.queue.views)
    if options.json:
        plain = [_outcome_json(one) for one in outcomes]
        print_json({"mail": options.mail, "recipients": plain} | _why(why))
        return 0
    titles = [_("No."), _("Name"), _("Address"), _("What became of it"), _("Why")]
    rows = [
        [
            str(one.recipient.no),
            one.name,
            one.address,
            fate_words(one.recipient.state),
            one.recipient.reason,
        ]
        for one in outcomes
    ]
    print_table(titles, rows, {0})
    if why:
        print(_("It waits: {why}").format(why=why))
    return 0


def _pause(options: argparse.Namespace) -> int:
    with opened(options) as shop:
        shop.mail.mailing.pause(options.mail, actor=None)
    return _said(options, _("Mail {mail} is paused."))


def _resume(options: argparse.Namespace) -> int:
    with opened(options) as shop:
        shop.mail.mailing.resume(options.mail, actor=None)
    return _said(options, _("Mail {mail} goes on."))


def _stop(options: argparse.Namespace) -> int:
    with opened(options) as shop:
        shop.mail.mailing.stop(options.mail, actor=None)
    return _said(options, _("Mail {mail} is stopped."))


def _retry(options: argparse.Namespace) -> int:
    with opened(options) as shop:
        count = shop.mail.mailing.retry(options.mail, actor=None)
    failed = _("It has failed for nobody: posctl mail show {mail} tells what became of it.")
    return _said(options, again_sentence(count) if count else failed, count)


def _resend(options: argparse.Namespace) -> int:
    with opened(options) as shop:
        count = shop.mail.mailing.resend(options.mail, options.numbers, actor=None)
    return _said(options, _resent(count, len(set(options.numbers))), count)


def _resent(count: int, wanted: int) -> str:
    """Say how many wait again, and why others do not."""
    if count == wanted:
        return again_sentence(count)
    only = _(
        "Only those are sent again of whom it is not known whether they got it; posctl mail show "
        "{mail} --only unknown lists them, and posctl mail retry {mail} is for those who failed."
    )
    return joined(" ", (again_sentence(count), only))


def _said(options: argparse.Namespace, words: str, count: int | None = None) -> int:
    if options.json:
        print_json({"mail": options.mail} | ({} if count is None else {"again": count}))
    else:
        print(words.format(mail=options.mail))
    return 0


def _counted(one: ListedMail) -> str:
    return ", ".join(
        f"{fate_words(fate)} {one.counts[fate]}" for fate in Fate if fate in one.counts
    )


def _as_json(one: ListedMail) -> dict[str, Any]:
    mail = one.mail
    return {
        "mail": mail.number,
        "kind": mail.kind.value,
        "subject": mail.subject,
        "state": mail.state.value,
        "counts": {fate.value: count for fate, count in one.counts.items()},
    }


def _outcome_json(one: ListedRecipient) -> dict[str, Any]:
    row = one.recipient
    return {
        "no": row.no,
        "name": one.name,
        "address": one.address,
        "state": row.state.value,
        "reason": row.reason,
    }
