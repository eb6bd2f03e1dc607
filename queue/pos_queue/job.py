"""What a job is: a name, a body, and how it may fail. Declared once, beside its body.

    @job("send_receipt", queue="mail", needs_network="smtp", attempts=8)
    def send_receipt(context: JobContext, *, sale_id: str) -> None: ...

A payload is a dictionary of plain JSON values and is handed to the body by keyword. Nothing here
imports Huey: a process that only enqueues starts without it.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from typing import Any

from pos_queue.backoff import Backoff
from pos_queue.errors import PayloadMismatch, UnknownJob
from pos_queue.rate import Rate
from pos_queue.rounds.cron import Cron

Payload = dict[str, Any]
Upgrade = Callable[[Payload], Payload]
"""Turns a payload of one version into one of the next."""
PREVIOUS = "previous"
"""The parameter that receives what the job before in a chain has returned."""
BATCH = "batch"
"""The parameter that receives the number of the batch at whose moment the job runs."""

SLOT = "slot"
"""The parameter that receives the slot for which a job comes round, in UTC and ISO 8601."""

USUAL_BACKOFF = Backoff(first=10.0)


class RunsIn(StrEnum):
    """Where the body of a job runs."""

    THREAD = "thread"
    """In a thread of the worker: for waiting alone (sockets, timers), with limits of its own."""
    CHILD = "child"
    """In a child process: whatever burns CPU or might never return."""


@dataclass(frozen=True, kw_only=True)
class Job:
    """A declared job; times in seconds."""

    name: str
    body: Callable[..., Any]
    version: int = 1
    """Of the payload: raised whenever its meaning changes, with an upgrade from the one before."""
    queue: str = "default"
    priority: int = 0
    """Higher ones first within a queue."""
    rate: Rate | None = None
    """How often jobs of its queue may begin, whichever they are; one declares it for all."""
    attempts: int = 5
    """How often it may be tried before a person must look at it."""
    backoff: Backoff = USUAL_BACKOFF
    """How long it waits between two attempts."""
    limit: float | None = 60.0
    """How long one attempt may take."""
    cron: Cron | None = None
    """When it comes round by itself, with its slot as its payload or none."""
    unique: bool = False
    """Whether it waits or runs at most once with the same payload."""
    needs_network: str | None = None
    """The endpoint without which it need not begin."""
    sensitive: bool = False
    """Whether its payload is a secret: encrypted in the file, hidden in every view and log."""
    runs_in: RunsIn = RunsIn.THREAD
    awaited: bool = False
    """Whether somebody stands and waits for it: its queue has threads of its own, so that no
    job of another can keep it waiting."""
    on_result: Callable[..., Any] | None = None
    """Called with the context and the body's result in the transaction that makes the job done."""
    grouped: bool = False
    """Whether several may share one commit: for bodies that only write to the shop's file."""
    upgrades: Mapping[int, Upgrade] = field(default_factory=dict)
    masked: frozenset[str] = frozenset()
    """Names in its payload that no view may show."""

    @cached_property
    def signature(self) -> inspect.Signature:
        """The parameters of the body besides its context."""
        whole = inspect.signature(self.body)
        return whole.replace(parameters=list(whole.parameters.values())[1:])

    @cached_property
    def takes_previous(self) -> bool:
        """Whether the body wants to know what the job before in its chain has returned."""
        return PREVIOUS in self.signature.parameters

    @cached_property
    def takes_batch(self) -> bool:
        """Whether the body wants to know at the moment of which batch it runs."""
        return BATCH in self.signature.parameters

    @cached_property
    def takes_slot(self) -> bool:
        """Whether the body of a job that comes round wants to know for which slot it runs."""
        return SLOT in self.signature.parameters

    @cached_property
    def _needed(self) -> frozenset[str]:
        parameters = self.signature.parameters.values()
        named = (inspect.Parameter.KEYWORD_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
        return frozenset(
            parameter.name
            for parameter in parameters
            if parameter.kind in named and parameter.default is parameter.empty
        )

    @property
    def needs_payload(self) -> bool:
        """Whether there are values that the body cannot do without, and that no round can give."""
        return bool(self._needed - {SLOT})

    def check(self, payload: Payload) -> None:
        """Raise PayloadMismatch unless the body takes this payload."""
        if payload.keys() == self._needed:
            return
        try:
            self.signature.bind(**payload)
        except TypeError as error:
            raise PayloadMismatch(f"{self.name}: {error}") from error

    def upgraded(self, payload: Payload, version: int) -> Payload:
        """Return a payload of another version as one of this version; raise PayloadMismatch."""
        if version > self.version:
            raise PayloadMismatch(f"{self.name}: a newer program wrote this (version {version})")
        while version < self.version:
            upgrade = self.upgrades.get(version)
            if upgrade is None:
                raise PayloadMismatch(f"{self.name}: nothing reads its old version {version}")
            payload, version = upgrade(payload), version + 1
        return payload


def job(name: str, **declared: Any) -> Callable[[Callable[..., Any]], Job]:
    """Declare the decorated function as the body of a job; see Job for what may be declared."""

    def declare(body: Callable[..., Any]) -> Job:
        return Job(name=name, body=body, **declared)

    return declare


class Registry:
    """The jobs that a program knows, by name."""

    def __init__(self, jobs: tuple[Job, ...] = ()) -> None:
        """Take the jobs; raise ValueError for a name that stands twice."""
        self._jobs: dict[str, Job] = {}
        for one in jobs:
            self.add(one)

    def add(self, declared: Job) -> None:
        """Add a job; raise ValueError where it does not go with the others, or with itself."""
        if declared.name in self._jobs:
            raise ValueError(f"two jobs are called {declared.name}")
        if declared.awaited and declared.runs_in is RunsIn.CHILD:
            raise ValueError(f"{declared.name} is awaited, but would wait for a child")
        if declared.cron is not None and declared.needs_payload:
            raise ValueError(f"{declared.name} comes round without a payload, but needs one")
        for other in self._jobs.values():
            if other.queue == declared.queue:
                _check_beside(other, declared)
        self._jobs[declared.name] = declared

    def __contains__(self, name: object) -> bool:
        return name in self._jobs

    def __getitem__(self, name: str) -> Job:
        """Return a job; raise UnknownJob."""
        try:
            return self._jobs[name]
        except KeyError:
            raise UnknownJob(name) from None

    def queues_of_children(self) -> frozenset[str]:
        """Return the queues whose jobs run in child processes."""
        jobs = self._jobs.values()
        return frozenset(one.queue for one in jobs if one.runs_in is RunsIn.CHILD)

    def awaited_queues(self) -> frozenset[str]:
        """Return the queues for whose jobs somebody waits."""
        return frozenset(one.queue for one in self._jobs.values() if one.awaited)

    def changed(self, **declared: Any) -> Registry:
        """Return the same jobs, with something declared otherwise for all of them."""
        return Registry(tuple(replace(one, **declared) for one in self._jobs.values()))

    def rates(self) -> dict[str, Rate]:
        """Return the rates of the queues that have one."""
        return {one.queue: one.rate for one in self._jobs.values() if one.rate is not None}

    def rounds(self) -> dict[str, Cron]:
        """Return when the jobs come round that do, by their names."""
        return {name: one.cron for name, one in self._jobs.items() if one.cron is not None}

    def names(self) -> list[str]:
        """Return all names, sorted."""
        return sorted(self._jobs)


def _check_beside(other: Job, declared: Job) -> None:
    """Raise ValueError unless two jobs of one queue say the same of it."""
    if other.runs_in is not declared.runs_in:
        different = "kind of worker"
    elif other.awaited is not declared.awaited:
        different = "haste"
    elif None not in (other.rate, declared.rate) and other.rate != declared.rate:
        different = "rate"
    else:
        return
    raise ValueError(
        f"{declared.name} and {other.name} share the queue {declared.queue}, "
        f"but not the {different}: declare another queue for one of them"
    )
