"""The recovery key on a command line: as given, from its file, typed on a terminal, or piped."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from pos_desktop.cli.asking import until_it_fits
from pos_desktop.cli.output import WrongUsage
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.text import _


def add_recovery_key(parser: argparse.ArgumentParser) -> None:
    """Let a command take the recovery key, or the file in which it is."""
    parser.add_argument(
        "--recovery-key-file",
        metavar="KEYFILE",
        type=Path,
        help=_("a file with the recovery key; else it is asked for, or read from standard input"),
    )
    parser.add_argument(
        "--recovery-key",
        metavar="KEY",
        help=_("the recovery key itself; others may read it in the list of processes meanwhile"),
    )


def given_recovery_key(options: argparse.Namespace, check: Callable[[str], str]) -> str:
    """Return the recovery key once `check` lets it through, which raises Refused where not.

    On a terminal it is asked for again until it fits.
    """
    if options.recovery_key is not None:
        return check(options.recovery_key)
    if options.recovery_key_file is not None:
        return check(_read(options.recovery_key_file))
    if not sys.stdin.isatty():
        line = sys.stdin.readline()
        if not line.strip():
            raise WrongUsage(
                _(
                    "The recovery key is missing: pipe it in, name a file with "
                    "--recovery-key-file, or run this on a terminal."
                )
            )
        return check(line)
    return until_it_fits(lambda: check(input(_("Recovery key: "))))


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        words = _("{file} cannot be read: name the text file in which the recovery key is.")
        raise Refused(words.format(file=file)) from error
