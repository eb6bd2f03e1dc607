"""The queue of a shop, joined: jobs come in, are seen and controlled; a runner can be made.

Light enough for the till: what looks at jobs is loaded at the first look, Huey where a runner is
made.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pos_queue.codec import Codec
from pos_queue.intake import Intake
from pos_queue.job import Job, Registry
from pos_queue.owners import Owners
from pos_queue.wake import WakeSender

from pos_desktop.domain.chance import draw
from pos_desktop.domain.clock import Clock
from pos_desktop.domain.ids import Ids
from pos_desktop.security.queue_keys import QueueKeys
from pos_desktop.services.configuration import Configuration
from pos_desktop.services.enqueueing import JobName
from pos_desktop.shop_folder import LOCKS_FOLDER, file_mode
from pos_desktop.storage.books import Books
from pos_desktop.storage.database import ReadOnlyDatabase, ShopDatabase

if TYPE_CHECKING:
    from pos_queue.runner import Runner, Terms
    from pos_queue.views import Views

    from pos_desktop.services.jobs_board import JobsBoard
    from pos_desktop.services.notifications import Notifications
    from pos_desktop.services.queue_desk import QueueDesk

LOCKS_OF_RUNNERS = "queue"
"""The folder, among the shop's locks, of those who run jobs."""
CHILD_SHOP = "pos_desktop.child_shop"
"""The module that opens the shop in a child; named, since it stands above this one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuePlace:
    """Where the queue of a shop lives; `clock` is the machine's, which no replay moves."""

    directory: Path
    database: ShopDatabase
    reader: ReadOnlyDatabase
    books: Books
    configuration: Configuration
    clock: Clock


class ShopQueue:
    """The shop's queue; from any thread."""

    def __init__(self, place: QueuePlace, keys: QueueKeys) -> None:
        """Begin without any job: those that know the services are told with `know`."""
        self._place = place
        self._locks = place.directory / LOCKS_FOLDER / LOCKS_OF_RUNNERS
        self._guard = threading.Lock()
        self._sender: WakeSender | None = None
        self._declared_by = ""
        self.registry = Registry()
        self.codec = Codec(self.registry, seal_key=keys.seal, cipher=keys.cipher)
        self.intake = Intake(
            place.database,
            self.registry,
            self.codec,
            place.clock,
            lambda _until: self._wake(),
        )
        """The door by which jobs and batches come in."""

    @cached_property
    def views(self) -> Views:
        """What people see of the queue; over connections that cannot write."""
        from pos_queue.views import Views

        return Views(self._place.reader, self.registry, self.codec, self._place.clock)

    @cached_property
    def notifications(self) -> Notifications:
        """What jobs tell the people who started them."""
        from pos_desktop.services.import_jobs import IMPORT_PRODUCTS
        from pos_desktop.services.import_words import job_sentence
        from pos_desktop.services.notifications import Notifications

        place = self._place
        return Notifications(
            place.database,
            place.reader,
            self.registry,
            self.codec,
            place.clock,
            {IMPORT_PRODUCTS: job_sentence},
        )

    @cached_property
    def desk(self) -> QueueDesk:
        """What people do with its jobs."""
        from pos_queue.control import Control

        from pos_desktop.services.queue_desk import QueueDesk

        place = self._place
        return QueueDesk(
            Control(place.database, place.clock, self._wake),
            self.views,
            self.registry,
            place.database,
            place.books,
            place.configuration,
            place.clock,
        )

    @cached_property
    def board(self) -> JobsBoard:
        """What a manager sees of its jobs at one look."""
        from pos_desktop.services.jobs_board import JobsBoard

        place = self._place
        return JobsBoard(
            self.views, self.desk, self.notifications, place.configuration, place.clock
        )

    def know(self, jobs: Iterable[Job], declared_by: str) -> None:
        """Take the jobs of the program, and what declares them ("module:function") in a child."""
        self._declared_by = declared_by
        for job in jobs:
            self.registry.add(job)

    def enqueue(
        self,
        name: JobName,
        payload: dict[str, Any] | None = None,
        *,
        at: datetime | None = None,
        then: Sequence[tuple[JobName, dict[str, Any]]] = (),
        unique_key: str | None = None,
        started_by: str | None = None,
        batch: int | None = None,
    ) -> int:
        """Write a job down in the caller's transaction; see `services.enqueueing.Enqueues`."""
        return self.intake.enqueue(
            name,
            payload,
            at=at,
            then=then,
            unique_key=unique_key,
            started_by=started_by,
            batch=batch,
        )

    def runner(self, terms: Terms | None = None, **declared: Any) -> Runner:
        """Return a runner that is not started; `declared` overrides what all jobs declare."""
        from pos_queue.runner import Premises, Runner

        place = self._place
        registry = self.registry.changed(**declared) if declared else self.registry
        arguments = {"directory": str(place.directory), "jobs": self._declared_by}
        has_children = bool(registry.queues_of_children())
        premises = Premises(
            database=place.database,
            file=place.database.path,
            locks=self._locks,
            registry=registry,
            codec=self.codec,
            clock=place.clock,
            chance=draw,
            new_id=Ids(place.clock).new,
            zone=place.configuration.zone,
            prepare=(f"{CHILD_SHOP}:prepare", arguments) if has_children else None,
            preload=(CHILD_SHOP,) if has_children else (),
            file_mode=file_mode(place.directory),
            leaving=self.notifications.leave,
        )
        return Runner(premises, terms)

    def workers(self) -> list[str]:
        """Return the ids of the programs that run jobs of this shop now."""
        return Owners(self._locks).living()

    def close(self) -> None:
        """Give back what waking others has opened; who is woken later opens it again."""
        with self._guard:
            if self._sender is not None:
                self._sender.close()
            self._sender = None

    def _wake(self) -> None:
        """Wake the runners of all programs, this one's too."""
        with self._guard:
            if self._sender is None:
                self._sender = WakeSender(self._locks)
            self._sender.wake_others()
