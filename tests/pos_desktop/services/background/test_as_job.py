"""What a refusal means to a job: later, never, or by the rules of the job."""

from __future__ import annotations

import pytest
from pos_queue.errors import GiveUp, TryLater

from pos_desktop.domain.errors import AnotherRuns, PosError, Refused, Unavailable
from pos_desktop.services.background.as_job import as_job


def test_while_another_runs_it_comes_again() -> None:
    with pytest.raises(TryLater, match="Another of the same kind") as told, as_job(again=30.0):
        raise AnotherRuns
    assert told.value.seconds == 30.0


def test_what_the_shop_refuses_is_given_up_with_its_words() -> None:
    with pytest.raises(GiveUp, match="no such list"), as_job():
        raise Refused("no such list")


def test_what_does_not_answer_is_tried_again_unless_that_helps_nobody() -> None:
    with pytest.raises(Unavailable), as_job():
        raise Unavailable
    with pytest.raises(GiveUp), as_job(gives_up=(PosError,)):
        raise Unavailable
