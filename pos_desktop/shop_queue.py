"""The queue of a shop, joined: jobs come in, are seen and controlled; a runner can be made.

Light enough for the till: what looks at jobs is loaded at the first look, Huey where a runner is
made.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pos_queue.codec import Codec
from pos_queue.drivers.driver_choice import DriverChoice
from pos_queue.drivers.opening import open_driver
from pos_queue.job import Job, Registry
from pos_queue.owners.owners import Owners
from pos_queue.premises import Beside, Premises, Terms
from pos_queue.rounds.round import FindRounds, Round

from pos_desktop import settings
from pos_desktop.domain.chance import draw
from pos_desktop.domain.clock import Clock
from pos_desktop.domain.errors import Unavailable
from pos_desktop.domain.ids import Ids
from pos_desktop.lock_names import RUNNERS
from pos_desktop.security.queue_keys import QueueKeys
from pos_desktop.services.background.enqueueing import Enqueues
from pos_desktop.services.configuration import Configuration
from pos_desktop.shop_folder import LOCKS_FOLDER, file_mode
from pos_desktop.storage.books import Books
from pos_desktop.storage.database import ReadOnlyDatabase, ShopDatabase

if TYPE_CHECKING:
    from pos_queue.control.control import Control
    from pos_queue.departures import Ended
    from pos_queue.drivers.driver import Works
    from pos_queue.engine.claims import Claim
    from pos_queue.views.views import Views

    from pos_desktop.services.background.jobs_board import JobsBoard
    from pos_desktop.services.background.notifications import Notifications
    from pos_desktop.services.background.queue_desk import QueueDesk
    from pos_desktop.services.schedules.schedule_watch import ScheduleWatch

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


Undone = Callable[[Mapping[str, Any], "Ended"], object]
"""Takes the payload of a job and how it ended; stands in the transaction that ends it."""

log = logging.getLogger(__name__)


class ShopQueue:
    """The shop's queue; from any thread."""

    def __init__(
        self, place: QueuePlace, keys: QueueKeys, driver: DriverChoice, *, declared_by: str
    ) -> None:
        """Begin without any job: those that know the services are told with `know`.

        `declared_by` is what declares them ("module:function") in a child.
        """
        self._place = place
        self._locks = place.directory / LOCKS_FOLDER / RUNNERS
        self._declared_by = declared_by
        self.registry = Registry()
        self.probes: dict[str, Callable[[], bool]] = {}
        """How each endpoint that jobs need is asked whether it is there; filled by `shop`."""
        self.rounds: list[FindRounds] = []
        """What finds the rounds of jobs that come by themselves."""
        """What comes round as the shop has set it; filled by `shop`."""
        self.beside: list[Beside] = []
        """What goes on while a runner waits for jobs."""
        self.watch: ScheduleWatch | None = None
        """Hears of each job that ends; filled by `shop`."""
        self.undone: dict[str, Undone] = {}
        """Who hears of jobs of a name that end without being done; filled by `shop`."""
        self.codec = Codec(self.registry, seal_key=keys.seal, cipher=keys.cipher)
        premises = self._premises(self.registry)
        self._driver = open_driver(driver, premises, shop=place.books.node.shop_id)
        self.intake: Enqueues = self._driver.intake
        """The door by which jobs and batches come in."""
        self.enqueue = self.intake.enqueue

    @cached_property
    def views(self) -> Views:
        """What people see of the queue; over connections that cannot write."""
        from pos_queue.views.views import Views

        return Views(self._place.reader, self.registry, self.codec, self._place.clock)

    def views_of_now(self) -> Views:
        """Return the queue as this thread's own transaction sees it."""
        from pos_queue.views.views import Views

        place = self._place
        return Views(place.database, self.registry, self.codec, place.clock)

    def result_of(self, job: str, result: bytes | None) -> Any:
        """Return what a job has left as its result, from how the file keeps it."""
        return self.codec.load(self.registry[job], result)

    def wake(self) -> None:
        """Let whoever runs jobs look at what was changed by hand."""
        self._driver.wake()

    @cached_property
    def notifications(self) -> Notifications:
        """What jobs tell the people who started them.

        Long because each of them is named, and nothing of it is loaded before a job tells.
        """
        from pos_desktop.services.background.notifications import Notifications
        from pos_desktop.services.backup import backup_words
        from pos_desktop.services.backup.backup_checking import CHECK_BACKUP
        from pos_desktop.services.backup.backups import BACKUP_SHOP
        from pos_desktop.services.exports.export_words import made_sentence
        from pos_desktop.services.exports.exporting import EXPORT_FILE
        from pos_desktop.services.imports.import_jobs import (
            IMPORT_PRODUCTS,
            LIST_IMPORT_ERRORS,
            UNDO_IMPORT,
        )
        from pos_desktop.services.imports.import_words import (
            job_sentence,
            listed_sentence,
            taken_back_sentence,
        )
        from pos_desktop.services.mail.mail_post import PREPARE_MAIL, SEND_MAIL, SEND_MAILING
        from pos_desktop.services.mail.mail_words import sent_sentence
        from pos_desktop.services.mpesa.statements.statement_import import IMPORT_MPESA_STATEMENT
        from pos_desktop.services.mpesa.statements.statement_words import imported_sentence
        from pos_desktop.services.products.label_jobs import DRAW_LABELS, drawn_sentence
        from pos_desktop.services.products.price_jobs import (
            CHANGE_PRICES,
            TAKE_PRICES_BACK,
            changed_sentence,
            prices_back_sentence,
        )
        from pos_desktop.services.stock.take_jobs import END_TAKE, take_ended_sentence

        place = self._place
        return Notifications(
            place.database,
            place.reader,
            self.registry,
            self.codec,
            place.clock,
            {
                IMPORT_PRODUCTS: job_sentence,
                LIST_IMPORT_ERRORS: listed_sentence,
                UNDO_IMPORT: taken_back_sentence,
                IMPORT_MPESA_STATEMENT: imported_sentence,
                DRAW_LABELS: drawn_sentence,
                CHANGE_PRICES: changed_sentence,
                TAKE_PRICES_BACK: prices_back_sentence,
                END_TAKE: take_ended_sentence,
                PREPARE_MAIL: lambda _waiting: None,  # the sending tells
                SEND_MAIL: sent_sentence,
                SEND_MAILING: sent_sentence,
                EXPORT_FILE: made_sentence,
                BACKUP_SHOP: backup_words.made_sentence,
                CHECK_BACKUP: backup_words.checked_sentence,
            },
        )

    @cached_property
    def control(self) -> Control:
        """What is done with its jobs, by whoever may; from any thread."""
        from pos_queue.control.control import Control

        place = self._place
        return Control(place.database, place.clock, self._driver.wake, dropped=self._tell_undone)

    def cancel(self, number: int) -> None:
        """Cancel a job that waits, or ask one that runs to end, in the caller's transaction."""
        self.control.cancel(number)

    @cached_property
    def desk(self) -> QueueDesk:
        """What people do with its jobs."""
        from pos_desktop.services.background.queue_desk import QueueDesk

        place = self._place
        return QueueDesk(
            self.control,
            self.intake,
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
        from pos_desktop.services.background.jobs_board import JobsBoard

        place = self._place
        return JobsBoard(
            self.views,
            self.desk,
            self.notifications,
            place.configuration,
            place.clock,
            place.reader,
        )

    def know(self, jobs: Iterable[Job]) -> None:
        """Take the jobs of the program."""
        for job in jobs:
            self.registry.add(job)

    def runner(self, terms: Terms | None = None, **declared: Any) -> Works:
        """Return workers that are not started; `declared` overrides what all jobs declare.

        Without terms there are as many of them as the shop's settings say.
        """
        terms = terms or Terms(workers=self._place.configuration.get(settings.QUEUE_WORKERS))
        registry = self.registry.changed(**declared) if declared else self.registry
        return self._driver.runner(terms, self._premises(registry))

    def workers(self) -> list[str]:
        """Return the ids of the programs that run jobs of this shop now."""
        return Owners(self._locks).living()

    def close(self) -> None:
        """Give back what enqueueing has opened; who enqueues later opens it again."""
        self._driver.close()

    def _premises(self, registry: Registry) -> Premises:
        place = self._place
        arguments = {"directory": str(place.directory), "jobs": self._declared_by}
        return Premises(
            database=place.database,
            file=place.database.path,
            locks=self._locks,
            registry=registry,
            codec=self.codec,
            clock=place.clock,
            chance=draw,
            new_id=Ids(place.clock).new,
            zone=place.configuration.zone,
            prepare=(f"{CHILD_SHOP}:prepare", arguments),
            preload=(CHILD_SHOP,),
            file_mode=file_mode(place.directory),
            rounds=self._present_rounds,
            probes=self.probes,
            leaving=self._leave,
            dropped=self._tell_undone,
            batch_over=self._batch_over,
            beside=self.beside,
        )

    def _present_rounds(self) -> Mapping[str, Round]:
        return {name: one for find in self.rounds for name, one in find().items()}

    def _leave(self, claim: Claim, state: Ended, error: str | None, result: bytes | None) -> None:
        self.notifications.leave(claim, state, error, result)
        if self.watch is not None:
            self.watch.job_ended(claim, state, result)
        self._tell_undone(claim.number, claim.job, state)

    def _tell_undone(self, number: int, job: str, state: Ended) -> None:
        """Let whoever left a job know, in the transaction that ends it, that it was not done."""
        hear = self.undone.get(job)
        if hear is None or state == "done":
            return
        try:
            detail = self.views_of_now().job(number)
            if detail is not None:
                hear(detail.view.payload.value, state)
        except Unavailable:
            raise
        except Exception:  # the job's end must not hang on it
            log.exception("what comes of job %s (%s) could not be kept", number, job)

    def _batch_over(self, batch: int) -> None:
        self.notifications.batch_over(batch)
