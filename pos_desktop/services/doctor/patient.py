"""What the doctor looks at: a folder, and what can be read of the shop in it. Nothing is written.

Each part is opened by the look that needs it, so that one that cannot be read stands in the way of
no other. The shop's file is read over connections that cannot write, one a thread.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from pos_hardware.discovery import FoundDevice, discover
from pos_queue.owners.owner_files import is_held

from pos_desktop import lock_names, settings
from pos_desktop.domain.clock import Clock, SystemClock
from pos_desktop.domain.errors import PosError
from pos_desktop.domain.ids import Ids
from pos_desktop.security.recovery import DERIVED, JOURNAL_KEY
from pos_desktop.security.secrets import CARRIED, FileSecrets, Secrets, SecretsMissing, secrets_of
from pos_desktop.services.configuration import Configuration
from pos_desktop.services.counter.clock_watch import newest_moment
from pos_desktop.services.doctor.finding import FileNotSeen, KeysNotSeen, is_seen
from pos_desktop.shop_folder import (
    DATABASE_FILE,
    HEAD_FILE,
    LOCKS_FOLDER,
    SECRETS_FILE,
    shop_exists,
)
from pos_desktop.storage.books import Books
from pos_desktop.storage.database import ReadOnlyDatabase
from pos_desktop.storage.errors import FileTooNew, translated
from pos_desktop.storage.file_look import check_shop_file
from pos_desktop.storage.head import HeadFile
from pos_desktop.storage.migrations import is_of_this_version, version
from pos_desktop.storage.node import Node, current

log = logging.getLogger(__name__)


class Patient:
    """A shop's folder, as it is found."""

    def __init__(self, directory: Path, clock: Clock | None = None) -> None:
        """Take the machine's clock, or another."""
        self.directory = directory.absolute()
        self.clock = clock or SystemClock()
        self.environment: Mapping[str, str] = os.environ
        self.file = self.directory / DATABASE_FILE
        self._database = ReadOnlyDatabase(self.file, self.clock)
        self._lock = threading.Lock()
        self._found: list[FoundDevice] | None = None

    @property
    def has_file(self) -> bool:
        """Whether there is a shop's file; raises nothing."""
        try:
            return shop_exists(self.directory)
        except (OSError, PosError):
            return False

    def opened(self) -> int:
        """Open the shop's file and return its version; raises a PosError that says why not.

        A file of a newer program is not read on: what its tables mean is not known here.
        """
        check_shop_file(self.directory)
        with translated(self.file):
            is_of_this_version(self._database)
            return version(self._database)

    @property
    def any_reader(self) -> ReadOnlyDatabase:
        """The shop's file, also that of a newer program: for what every version has.

        Raises FileNotSeen.
        """
        try:
            self.opened()
        except FileTooNew:
            return self._database
        except (PosError, OSError) as error:
            raise FileNotSeen from error
        return self._database

    @property
    def reader(self) -> ReadOnlyDatabase:
        """The shop's file, to be read; raises FileNotSeen."""
        try:
            self.opened()
        except (PosError, OSError) as error:
            raise FileNotSeen from error
        return self._database

    @property
    def file_as_it_lies(self) -> ReadOnlyDatabase:
        """The shop's file, whether it opens or not: any statement may raise."""
        return self._database

    def close_thread(self) -> None:
        """Close what this thread has opened."""
        self._database.close()

    @property
    def configuration(self) -> Configuration:
        """The settings; raises FileNotSeen."""
        return Configuration(self.reader, self.clock)

    @property
    def node(self) -> Node:
        """Whose file it is; raises FileNotSeen."""
        return current(self.reader)

    @property
    def secrets(self) -> Secrets:
        """The shop's keys, of which that of the journal can be read; raises KeysNotSeen."""
        secrets = secrets_of(self.directory, self.node.shop_id)
        try:
            secrets.get(JOURNAL_KEY)
        except PosError as error:
            raise KeysNotSeen from error
        return secrets

    def known_secrets(self) -> list[bytes]:
        """Return every key and password that this login can read, also where no shop opens.

        Raises KeysNotSeen, FileNotSeen and OSError.
        """
        path = self.directory / SECRETS_FILE
        if path.exists():
            return FileSecrets(path).every()
        secrets, found = self.secrets, []
        for name in (*DERIVED, *CARRIED):
            with suppress(SecretsMissing):
                found.append(secrets.get(name))
        return found

    def check_secrets_whole(self) -> None:
        """Raise a PosError where a key or a password may be among what cannot be read."""
        path = self.directory / SECRETS_FILE
        if path.exists():
            FileSecrets(path).check_whole()
        else:
            self.secrets.get(JOURNAL_KEY)

    @property
    def head(self) -> HeadFile:
        """The journal's head beside the file; raises KeysNotSeen."""
        return HeadFile(self.directory / HEAD_FILE, self.secrets.get(JOURNAL_KEY))

    @property
    def books(self) -> Books:
        """The books, over a connection that cannot write."""
        key = self.secrets.get(JOURNAL_KEY)
        ids = Ids(self.clock)
        return Books(self.reader, self.node, key=key, head=self.head, ids=ids, clock=self.clock)

    @property
    def found_devices(self) -> list[FoundDevice]:
        """The devices of this computer; looked for once, in at most three seconds."""
        with self._lock:
            if self._found is None:
                self._found = discover()
            return self._found

    @property
    def newest_moment(self) -> datetime:
        """The latest moment that the clock or the books know; raises FileNotSeen."""
        now = self.clock.now()
        if self.configuration.get(settings.SHOP_DEMO):
            return now
        return newest_moment(self.reader, self.node, now)

    @property
    def tills(self) -> int:
        """How many tills are open in this shop, in any program."""
        return sum(self.holds(lock_names.till(one)) for one in range(lock_names.MOST_TILLS))

    @property
    def runners(self) -> Path:
        """The folder with the locks of who runs jobs."""
        return self.directory / LOCKS_FOLDER / lock_names.RUNNERS

    def holds(self, name: str) -> bool:
        """Tell whether somebody holds a lock of the shop; one that is not there nobody holds."""
        return is_held(self.directory / LOCKS_FOLDER / name)

    @property
    def is_being_made(self) -> bool:
        """Whether a shop is being made or brought back in this folder."""
        return is_held(self.directory / lock_names.MAKING)

    @property
    def sees_locks(self) -> bool:
        """Whether this login may see who holds what; without it everything seems to be held."""
        folder = self.directory / LOCKS_FOLDER
        return not is_seen(folder) or os.access(folder, os.R_OK | os.W_OK | os.X_OK)

    def prints(self, device: str) -> bool:
        """Tell whether a program prints for the shop on a device now."""
        return self.holds(lock_names.device(device))
