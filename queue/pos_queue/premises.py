"""Where a queue lives, and how its runners work: known without loading what runs jobs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import tzinfo
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Protocol

from pos_queue.clock import Clock
from pos_queue.codec import Codec
from pos_queue.database import Database
from pos_queue.job import Registry
from pos_queue.rounds.round import FindRounds

if TYPE_CHECKING:
    from pos_queue.children.process import Prepare
    from pos_queue.departures import Dropped, Leaving
    from pos_queue.engine.settling import EndedJob
    from pos_queue.network.network import Probe

STOP_SECONDS = 2.0
"""How long a runner that is stopped has to end."""


class Beside(Protocol):
    """What goes on beside the jobs, in a thread of its own, until it is told to end."""

    @property
    def name(self) -> str:
        """What its thread is called, and what the log calls it."""

    def run(self, ending: Event) -> object:
        """Go on until the event is set, and write nothing any more then."""

    def interrupt(self) -> object:
        """Let `run` wait for nothing any more: the event is set. From any thread."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Premises:
    """Where a queue lives, and what it is handed."""

    database: Database
    file: Path
    """The database's file."""
    locks: Path
    """The folder of the owners' locks."""
    registry: Registry
    codec: Codec
    clock: Clock
    chance: Callable[[], float]
    new_id: Callable[[], str]
    zone: tzinfo
    """The shop's, on whose wall the slots of jobs are read that come round."""
    prepare: Prepare | None = None
    """What opens the jobs of a child ("module:function" and its arguments); see `job_in_child`."""
    preload: Sequence[str] = ()
    """The modules that a child imports before it is asked for anything."""
    rounds: FindRounds | None = None
    """What comes round beside the jobs that declare it themselves, as it stands in the file now."""
    probes: Mapping[str, Probe] = field(default_factory=dict)
    """How each endpoint is asked whether it is there."""
    file_mode: int = 0o600
    leaving: Leaving | None = None
    """Told of each job that ends, in the transaction that ends it: what it writes there stands
    exactly once."""
    dropped: Dropped | None = None
    """Told of each job that ends while it waits, in the transaction that ends it."""
    batch_over: Callable[[int], object] | None = None
    """Told so of each batch; see `batches`."""
    beside: Sequence[Beside] = ()
    """What goes on while a runner runs that waits for jobs; none beside one that ends by itself
    when no job is left."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How a runner works."""

    workers: int = 2
    children: int = 1
    """How many jobs may run in child processes at once."""
    queues: Sequence[str] = ()
    """The queues it takes jobs from; all, where none is named."""
    most_jobs: int | None = None
    """After how many jobs the work is over."""
    most_seconds: float | None = None
    """After which time it is."""
    when_empty: bool = False
    """Whether it is over as soon as no job waits for a worker."""
    on_ended: Callable[[EndedJob], object] | None = None
    """Told of each job that has ended, in the worker's thread; should be quick."""
