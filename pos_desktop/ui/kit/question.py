"""A question that the same key answers: what nobody should do by mistake is pressed twice."""

from __future__ import annotations


class Question:
    """Is open from the first press to the second; truthy while it is.

    Whatever else is done in between forgets it.
    """

    def __init__(self) -> None:
        self._about: object = None

    def __bool__(self) -> bool:
        return self._about is not None

    def ask(self, about: object = "") -> None:
        """Open it: what it is about is told by any value but None."""
        self._about = about

    def confirmed(self, about: object = "") -> bool:
        """Tell whether this was asked before, and close the question; else ask it now.

        A question about something else is a new one, in the place of the old.
        """
        is_answer = bool(self) and self._about == about
        self._about = None if is_answer else about
        return is_answer

    def forget(self) -> bool:
        """Close it without an answer; tell whether it was open."""
        was_open, self._about = bool(self), None
        return was_open
