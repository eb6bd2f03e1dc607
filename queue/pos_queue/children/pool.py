"""Children that serve many runs: work that burns the processor, or might never return.

    pool = ChildPool(2, seconds=clock.monotonic, preload=["package.module"])
    result = pool.run("package.module:function", {"path": "..."}, limit=60.0)

Each caller blocks until its function has answered, and gets a child of its own meanwhile. A
spare one is ready besides, so that work begins at once, also after a child was killed. Errors are
those of `child_errors`.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

from pos_queue.children.alarms import Alarms
from pos_queue.children.cancel import Cancel
from pos_queue.children.errors import ChildCancelled, ChildError, ChildNotReady
from pos_queue.children.idle import IdleChildren
from pos_queue.children.process import Child, Prepare, request_frame, start_frame
from pos_queue.children.run import Run
from pos_queue.children.turns import GaveUp, Turns

RUNS_PER_CHILD = 200
IDLE_SECONDS = 60.0
"""How long a child may stand idle that nobody has needed, beside the spare one, up to twice."""


def _ignore(_item: Any) -> None:
    """Take a progress report that nobody wants."""


class ChildPool:
    """A number of children at once, and one ahead.

    A child that ran in the background cannot get its priority back, so it is kept for such runs
    alone. Nothing is started before it is needed, or before `start`.
    """

    def __init__(
        self,
        most: int,
        *,
        seconds: Callable[[], float],
        preload: Sequence[str] = (),
        prepare: Prepare | None = None,
        runs_per_child: int = RUNS_PER_CHILD,
        idle_seconds: float = IDLE_SECONDS,
    ) -> None:
        """Run in at most so many children at once.

        seconds tells the seconds since some moment, never runs backwards, and is the clock of all
        limits. Each child imports the modules of `preload` and calls the function of `prepare`
        ("module:function" and plain values by keyword) before its first run.
        """
        self._most = most
        self._start_frame = start_frame(preload, prepare)
        self._runs_per_child = runs_per_child
        self._idle_seconds = idle_seconds
        self._seconds = seconds
        self._alarms = Alarms(seconds)
        self._turns = Turns(most)
        self._changed = threading.Condition()
        self._children: set[Child] = set()
        self._runs: set[Run] = set()
        self._idle = IdleChildren(keep=1)
        self._idle_in_background = IdleChildren(keep=0)
        self._spare_is_due = False
        self._thinning_is_due = False
        self._is_closed = False

    def start(self) -> None:
        """Make the spare child ready, without waiting for it."""
        with self._changed:
            self._order_spare()

    def run(
        self,
        target: str,
        args: Mapping[str, Any],
        *,
        limit: float | None,
        on_item: Callable[[Any], object] = _ignore,
        expected: Sequence[str] = (),
        background: bool = False,
        cancel: Cancel | None = None,
    ) -> Any:
        """Call "package.module:function" in a child and return its result.

        args and the result are plain values (`frames`). What an iterator yields goes to `on_item`
        in this thread, and its return value is the result. limit is in seconds, from the moment
        when the child has the request; at the limit the child writes its stack and is killed.
        expected names the errors ("module:Class") that come back as ChildRefused. In the
        background a child leaves the processor to the others. `cancel` ends the wait for a turn
        and the run. Raises ChildError, ValueError for arguments that are not plain, and what
        `on_item` raises, which ends the child.
        """
        cancel = cancel or Cancel()
        request = request_frame(
            target, args, expected=expected, limit=limit, background=background, is_stream=False
        )
        run = Run(request, limit, on_item)
        try:
            with self._turns.turn(cancel), self._under_way(run), cancel.calls(run.cancel):
                return self._run(run, self._idle_in_background if background else self._idle)
        except GaveUp:
            raise ChildCancelled from None

    def close(self, within: float) -> bool:
        """End all children, running ones too, in so many seconds; may be called from any thread.

        Runs under way and later ones raise ChildCancelled. Returns False where something would
        not end in time.
        """
        with self._changed:
            self._is_closed = True
            idle = [*self._idle.take_all(), *self._idle_in_background.take_all()]
            runs = tuple(self._runs)
        self._turns.close()
        for run in runs:
            run.cancel()
        for child in idle:
            child.kill()
            self._alarms.after(0, partial(self._end, child))
        until = self._seconds() + within
        with self._changed:
            are_gone = self._changed.wait_for(lambda: not self._children, within)
        return self._alarms.close(max(0, until - self._seconds())) and are_gone

    @contextmanager
    def _under_way(self, run: Run) -> Iterator[None]:
        with self._changed:
            if self._is_closed:
                raise ChildCancelled
            self._runs.add(run)
        try:
            yield
        finally:
            with self._changed:
                self._runs.remove(run)

    def _run(self, run: Run, idle: IdleChildren) -> Any:
        """Run in an idle child; in a new one where there is none, or it has died meanwhile."""
        child = self._take(idle)
        if child is not None:
            try:
                return self._run_on(child, run, idle)
            except ChildNotReady:
                if run.was_asked:
                    raise
        return self._run_on(self._begin(), run, idle)

    def _run_on(self, child: Child, run: Run, idle: IdleChildren) -> Any:
        try:
            return run.on(child, self._alarms)
        finally:
            if not self._keep(child, idle):
                self._end(child)

    def _take(self, idle: IdleChildren) -> Child | None:
        with self._changed:
            child = idle.take() or self._idle.take()
            self._order_spare()
            return child

    def _keep(self, child: Child, idle: IdleChildren) -> bool:
        """Put a child to the idle ones, unless it is no longer fit for that."""
        with self._changed:
            if self._is_closed or not child.is_ready or child.runs >= self._runs_per_child:
                return False
            idle.put(child)
            self._order_thinning()
            return True

    def _begin(self, *, as_spare: bool = False) -> Child:
        """Start a child; raises ChildNotReady where the system gives none.

        Raises ChildCancelled once the pool is closed, and for a spare that nobody needs any more:
        one came back while it was due, and there are as many as there may be.
        """
        child = Child(self._start_frame)
        with self._changed:
            is_late = as_spare and self._idle and len(self._children) > self._most
            if self._is_closed or is_late:
                raise ChildCancelled
            surplus = self._surplus()
            self._children.add(child)
        for one in surplus:
            self._end(one)
        try:
            return child.start()
        except (OSError, RuntimeError) as error:
            self._end(child)
            raise ChildNotReady(str(error)) from error

    def _surplus(self) -> list[Child]:
        """Kill what must go where one more begins: there are never more than `most` and one."""
        child = self._idle_in_background.take() if len(self._children) > self._most else None
        if child is None:
            return []
        child.kill()
        return [child]

    def _end(self, child: Child) -> None:
        child.end()
        with self._changed:
            self._children.discard(child)
            self._changed.notify_all()

    def _order_spare(self) -> None:
        if not (self._idle or self._spare_is_due or self._is_closed):
            self._spare_is_due = True
            self._alarms.after(0, self._start_spare)

    def _start_spare(self) -> None:
        try:
            child = self._begin(as_spare=True)
        except ChildError:
            child = None
        with self._changed:
            self._spare_is_due = False
            if child is None:
                return
            if not self._is_closed:
                self._idle.put_new(child)
                return
        self._end(child)

    def _order_thinning(self) -> None:
        are_many = self._idle.are_many or self._idle_in_background.are_many
        if are_many and not self._thinning_is_due:
            self._thinning_is_due = True
            self._alarms.after(self._idle_seconds, self._thin)

    def _thin(self) -> None:
        with self._changed:
            unneeded = [*self._idle.take_unneeded(), *self._idle_in_background.take_unneeded()]
            self._thinning_is_due = False
            if not self._is_closed:
                self._order_thinning()
        for child in unneeded:
            self._end(child)
