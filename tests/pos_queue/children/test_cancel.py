"""A request to end."""

from __future__ import annotations

from pos_queue.children.cancel import Cancel


def test_those_who_are_at_work_are_told_once() -> None:
    cancel, told = Cancel(), list[str]()
    with cancel.calls(lambda: told.append("over before")):
        pass
    with cancel.calls(lambda: told.append("one")), cancel.calls(lambda: told.append("other")):
        was_cancelled = cancel.is_cancelled
        cancel.cancel()
        cancel.cancel()
    assert (was_cancelled, cancel.is_cancelled) == (False, True)
    assert told == ["one", "other"]


def test_who_begins_later_is_told_at_once() -> None:
    cancel, told = Cancel(), list[str]()
    cancel.cancel()
    with cancel.calls(lambda: told.append("late")):
        assert told == ["late"]
