"""posctl doctor: everything a technician asks first, a line each with what to do."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from pos_desktop.cli.output import WrongUsage, complain, print_json
from pos_desktop.domain.text import _


def add_to(groups: Any, common: argparse.ArgumentParser) -> None:
    """Add the parsers of this group."""
    doctor = groups.add_parser(
        "doctor",
        parents=[common],
        help=_("what is broken on this computer and in this shop"),
        description=_(
            "Look at everything a technician asks first: versions, disk, rights, the shop's file, "
            "backups, devices, jobs, network and clock, a line each with what to do. It changes "
            "nothing, needs no shop that opens, and takes ten seconds at most. Exit 1 where "
            "something is broken."
        ),
    )
    add = doctor.add_argument
    add("--check", nargs="+", metavar="NAME", default=[], help=_("look at these alone"))
    add(
        "--bundle",
        metavar="FILE.zip",
        type=Path,
        help=_("save the report with logs and settings for support; no data of the shop is in it"),
    )
    doctor.set_defaults(run=_doctor, judges_environment=True)


def _doctor(options: argparse.Namespace) -> int:
    from pos_desktop.services.doctor.doctor import Doctor
    from pos_desktop.services.doctor.examining import UnknownCheck
    from pos_desktop.services.doctor.report_words import report_json, report_text

    doctor = Doctor(options.data)
    if options.bundle:
        report = doctor.pack(options.bundle, actor=None)
        complain(_("Saved for support: {file}").format(file=options.bundle))
    else:
        try:
            report = doctor.look(options.check, actor=None)
        except UnknownCheck as error:
            raise WrongUsage(str(error)) from error
    if options.json:
        print_json(report_json(report))
    else:
        print(report_text(report), flush=True)
    return 0 if report.ok else 1
