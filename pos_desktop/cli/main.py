"""posctl: the console program for technicians and scripts. Needs neither Qt nor a screen.

Exit 0 on success, 2 on wrong usage, 1 on failure with one sentence on standard error; `-v` adds
the traceback. Each command group is a module that adds its parsers.
"""

from __future__ import annotations

import argparse
import errno
import logging
import os
import sys
import traceback
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from importlib import import_module, metadata
from pathlib import Path

from pos_queue.children.command import frozen_child
from pos_queue.job import Job

from pos_desktop.cli.output import WrongUsage, complain
from pos_desktop.crash_reports import (
    report_place,
    watched_for_crashes,
)
from pos_desktop.domain.errors import PosError
from pos_desktop.domain.faults import logged_fault
from pos_desktop.domain.text import _
from pos_desktop.environment import check_environment
from pos_desktop.jobs.registry import JobServices, every_job
from pos_desktop.languages import learn_languages
from pos_desktop.logbook import logged
from pos_desktop.shop_folder import DATABASE_FILE, default_directory
from pos_desktop.storage.errors import FileUnusable, mark_damage, translated
from pos_desktop.usage import translate_usage

logger = logging.getLogger(__name__)

GROUPS = (
    "shop_commands",
    "import_command",
    "backup_command",
    "seal_command",
    "upgrade_command",
    "recovery_command",
    "play_command",
    "report_command",
    "export_command",
    "mail_command",
    "schedule_command",
    "licence_command",
    "doctor_command",
    "config_command",
    "staff_command",
    "device_commands",
    "counter_commands",
    "queue_command",
    "mpesa_command",
    "relay_command",
    "bench_command",
)


def main(
    arguments: Sequence[str] | None = None,
    jobs: Callable[[JobServices], Iterable[Job]] = every_job,
) -> int:
    """Run a command line; return its exit code. `jobs` declares what the queue knows."""
    if frozen_child(sys.argv):
        return 0
    learn_languages()
    translate_usage()
    options = parser().parse_args(arguments)
    _name_files_whole(options)
    options.jobs = jobs
    with (
        logged(options.data, on_terminal=options.verbose),
        watched_for_crashes(options.data, "posctl"),
    ):
        return _run(options)


def _name_files_whole(options: argparse.Namespace) -> None:
    """Make each file that was named a whole path: `.` and an empty name say nothing to people."""
    for name, value in vars(options).items():
        if isinstance(value, Path):
            setattr(options, name, value.absolute())


def _run(options: argparse.Namespace) -> int:
    try:
        for sentence in () if options.judges_environment else check_environment():
            complain(sentence)
        with translated(options.data / DATABASE_FILE):
            code = int(options.run(options))
        sys.stdout.flush()
        return code
    except WrongUsage as error:
        complain(str(error))
        return 2
    except PosError as error:
        return _failed(str(error), verbose=options.verbose)
    except BrokenPipeError:
        sys.stderr.close()
        return 1
    except (KeyboardInterrupt, EOFError):
        return _failed(_("Stopped."), verbose=False)
    except OSError as error:
        return _refused_by_the_computer(error, verbose=options.verbose)
    except Exception as error:  # noqa: BLE001 - a bug is told in one sentence, not as a traceback
        return _failed(_told_as_a_fault(error, options.data), verbose=options.verbose)


def _told_as_a_fault(error: Exception, directory: Path) -> str:
    """Log a bug under a reference; return the sentence that leads to its report.

    A name that is spoilt in the file's schema looks like one, and is told as what it is.
    """
    from pos_desktop.storage.file_look import schema_is_spoilt

    file = directory / DATABASE_FILE
    if isinstance(error, TypeError | KeyError) and file.exists() and schema_is_spoilt(file):
        mark_damage(file)
        return str(FileUnusable())
    reference = logged_fault(logger, error)
    return _(
        "This is a fault of the program ({kind}, reference {reference}); send the report in "
        "{place} to support."
    ).format(kind=type(error).__name__, reference=reference, place=report_place(directory))


def _refused_by_the_computer(error: OSError, *, verbose: bool) -> int:
    """Say what the operating system would not do; what could not be printed is given up."""
    if error.errno == errno.ENOSPC:
        sentence = _("The disk is full; free some room, then try again.")
    else:
        sentence = _("The computer refused {what}: {why}. Mend that, then try again.").format(
            what=error.filename or _("it"), why=error.strerror or type(error).__name__
        )
    with suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    return _failed(sentence, verbose=verbose)


def _failed(sentence: str, *, verbose: bool) -> int:
    if verbose:
        traceback.print_exc()
    complain(sentence)
    return 1


def parser() -> argparse.ArgumentParser:
    """Return the parser of all commands."""
    top = argparse.ArgumentParser(prog="posctl", description=_("The console of a till."))
    common = argparse.ArgumentParser(add_help=False)
    _add_common(top, common)
    groups = top.add_subparsers(metavar="COMMAND", required=True)
    for name in GROUPS:
        import_module(f"pos_desktop.cli.{name}").add_to(groups, common)
    return top


class _Version(argparse.Action):
    """Says which version this is; it is looked up only where somebody asks."""

    def __call__(self, parser: argparse.ArgumentParser, *_given: object) -> None:
        """Print the version and end."""
        print(f"{parser.prog} {metadata.version('pos-desktop')}")
        parser.exit()


def _add_common(top: argparse.ArgumentParser, common: argparse.ArgumentParser) -> None:
    """Let the options of every command stand before or after its name."""
    top.add_argument("--version", action=_Version, nargs=0, help=_("say which version this is"))
    top.set_defaults(json=False, verbose=False, data=default_directory(), judges_environment=False)
    for target in (top, common):
        target.add_argument(
            "--json",
            action="store_true",
            default=argparse.SUPPRESS,
            help=_("print one JSON document and nothing else"),
        )
        target.add_argument(
            "--data",
            metavar="DIR",
            type=Path,
            default=argparse.SUPPRESS,
            help=_("the shop's directory (else POS_DATA_DIR)"),
        )
        target.add_argument(
            "-v",
            "--verbose",
            action="store_true",
            default=argparse.SUPPRESS,
            help=_("add the traceback to a failure"),
        )


if __name__ == "__main__":
    sys.exit(main())
