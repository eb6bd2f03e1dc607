"""What comes round by itself, joined."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from pos_queue.job import Registry

from pos_desktop.domain.clock import Clock
from pos_desktop.security.mail_keys import MailKeys
from pos_desktop.services.background.enqueueing import Enqueues
from pos_desktop.services.configuration import Configuration
from pos_desktop.services.mail.mail_post import MailPost
from pos_desktop.services.reports.reporting import Reporting
from pos_desktop.services.schedules.schedule_alerts import ScheduleAlerts
from pos_desktop.services.schedules.schedule_book import ScheduleBook
from pos_desktop.services.schedules.schedule_letters import ScheduleLetters
from pos_desktop.services.schedules.schedule_post import SchedulePost
from pos_desktop.services.schedules.schedule_watch import ScheduleWatch
from pos_desktop.services.schedules.schedules import Schedules
from pos_desktop.storage.books import Books
from pos_desktop.storage.database import ShopDatabase

if TYPE_CHECKING:
    from pos_queue.views.views import Views


class QueueOfSchedules(Protocol):
    """What schedules need of the queue."""

    registry: Registry
    intake: Enqueues

    def views_of_now(self) -> Views:
        """Return the queue as this thread's own transaction sees it."""
        ...

    def result_of(self, job: str, result: bytes | None) -> Any:
        """Return what a job has left as its result."""
        ...

    def wake(self) -> None:
        """Let whoever runs jobs look at what was changed by hand."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleRoom:
    """`people` is what people do; the rest is what does it by itself."""

    people: Schedules
    book: ScheduleBook
    watch: ScheduleWatch
    letters: ScheduleLetters
    alerts: ScheduleAlerts


def schedule_room(
    database: ShopDatabase,
    books: Books,
    configuration: Configuration,
    keys: MailKeys,
    post: MailPost,
    reporting: Reporting,
    queue: QueueOfSchedules,
    clock: Clock,
) -> ScheduleRoom:
    """Join the services of schedules; `clock` is the machine's, which no replay moves."""
    book = ScheduleBook(database, configuration, keys, queue.registry.__contains__)
    letter_post = SchedulePost(database, configuration, book, post, clock)
    return ScheduleRoom(
        people=Schedules(
            database, books, configuration, book, queue.intake, clock, wake=queue.wake
        ),
        book=book,
        watch=ScheduleWatch(
            database, book, queue.intake, clock, queue.views_of_now, queue.result_of
        ),
        letters=ScheduleLetters(database, configuration, letter_post, reporting, clock),
        alerts=ScheduleAlerts(database, letter_post, clock, queue.views_of_now),
    )
