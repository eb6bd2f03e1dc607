"""A shop in a child process: opened once, before its first job, with the jobs of the parent.

Neither Qt nor Huey comes along. A child is ready 0.3 s after its start, most of it the imports of
the services; the queue keeps one ready ahead, so that a job hardly ever waits for that.
"""

from __future__ import annotations

from pathlib import Path

from pos_queue import job_in_child
from pos_queue.children.answer import resolve
from pos_queue.drivers.driver_choice import DriverChoice
from pos_queue.job_in_child import Opened

from pos_desktop import settings
from pos_desktop.crash_reports import leave_hard_crashes
from pos_desktop.languages import learn_languages
from pos_desktop.shop import open_shop


def prepare(directory: str, jobs: str) -> None:
    """Open the shop of a directory for the jobs that "module:function" declares.

    Whatever driver its parent has: a job that comes in here is written down, and run elsewhere.
    """
    leave_hard_crashes(Path(directory), "child")
    shop = open_shop(Path(directory), jobs=resolve(jobs), driver=DriverChoice())
    learn_languages(default=shop.configuration.get(settings.LANGUAGE))
    queue = shop.queue
    job_in_child.open_with(Opened(shop.database, queue.registry, queue.codec, shop.clock.base))
