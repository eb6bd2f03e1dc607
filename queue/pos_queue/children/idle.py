"""Children that wait for work, the one used last at hand first."""

from __future__ import annotations

from collections import deque

from pos_queue.children.process import Child


class IdleChildren:
    """The idle children of one kind; remembers how many of them nobody needed."""

    def __init__(self, keep: int) -> None:
        """Keep so many, though nobody needs them."""
        self._keep = keep
        self._children: deque[Child] = deque()
        self._unneeded = 0

    def __len__(self) -> int:
        return len(self._children)

    @property
    def are_many(self) -> bool:
        """Whether there are more than are kept for good."""
        return len(self) > self._keep

    def put(self, child: Child) -> None:
        """Take a child that has just been used: the first to be used again."""
        self._children.append(child)

    def put_new(self, child: Child) -> None:
        """Take a child that is perhaps not ready yet: the last to be used."""
        self._children.appendleft(child)

    def take(self) -> Child | None:
        """Return the child at hand, None where there is none."""
        child = self._children.pop() if self._children else None
        self._unneeded = min(self._unneeded, len(self))
        return child

    def take_unneeded(self) -> list[Child]:
        """Return those that nobody needed since this was last asked, above those that are kept."""
        count = max(0, self._unneeded - self._keep)
        unneeded = [self._children.popleft() for _number in range(count)]
        self._unneeded = len(self)
        return unneeded

    def take_all(self) -> list[Child]:
        """Return all of them."""
        children = list(self._children)
        self._children.clear()
        self._unneeded = 0
        return children
