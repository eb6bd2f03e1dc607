"""A clock that is set while a customer has the prompt: it is asked about and ended by its age."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from pos_sync.testing.mpesa.calls import Call
from pos_sync.testing.mpesa.habits import Habits
from pos_sync.testing.mpesa.scripts import Script

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.mpesa_attempt import AttemptState
from pos_desktop.storage.mpesa_attempts import Attempt
from tests.pos_desktop.conftest import MANAGER
from tests.pos_desktop.services.mpesa.scene import AMINA, Scene, opened

S = AttemptState
BEHIND = [timedelta()]
"""By how much the till's clock was set back."""


@pytest.fixture
def scene(shop_directory: Path) -> Iterator[Scene]:
    habits = Habits(prompt_seconds=100_000, minutes_off=10_000)
    with opened(shop_directory, habits, lambda: BEHIND[0]) as scene:
        scene.simulator.script(Script(code=None))
        yield scene
    BEHIND[0] = timedelta()


def now(scene: Scene, attempt: Attempt) -> Attempt:
    return scene.mpesa.attempts.find(attempt.id)


def set_back(scene: Scene, by: timedelta) -> None:
    """Set the till's clock, and not M-Pesa's."""
    scene.clock.set(scene.clock.now() - by)
    BEHIND[0] += by


def look_on(scene: Scene, attempt: Attempt, minutes: float) -> None:
    """Let the page be looked at for so long, and jobs do what is due."""
    for _turn in range(round(minutes * 6)):
        scene.mpesa.push_query.look_after(now(scene, attempt))
        scene.pass_by(10)


def test_after_a_clock_was_set_back_it_is_asked_about_all_the_same(scene: Scene) -> None:
    attempt = scene.ask(scene.cart())
    set_back(scene, timedelta(hours=1))
    look_on(scene, attempt, 2)
    assert scene.simulator.count(Call.QUERY) >= 4
    look_on(scene, attempt, 2)
    assert now(scene, attempt).state is S.UNRESOLVED, "three minutes are over"
    scene.simulator.answer(AMINA)
    look_on(scene, attempt, 2)
    assert now(scene, attempt).state is S.PAID


def test_looking_asks_no_more_often_than_the_jobs_do(scene: Scene) -> None:
    attempt = scene.ask(scene.cart())
    look_on(scene, attempt, 2.5)
    assert scene.simulator.count(Call.QUERY) == 9


@pytest.mark.parametrize("back", [timedelta(days=1), timedelta(minutes=-5)])
def test_it_is_overridden_once_it_is_three_minutes_old(scene: Scene, back: timedelta) -> None:
    attempt = scene.ask(scene.cart())
    set_back(scene, back)
    manager = scene.shop.sign_in.sign_in(*MANAGER)
    scene.clock.advance(timedelta(minutes=2))
    with pytest.raises(Refused, match="60 s more"):
        scene.mpesa.overriding.override(attempt.id, actor=manager)
    scene.clock.advance(timedelta(minutes=1))
    scene.mpesa.overriding.override(attempt.id, actor=manager)
    assert now(scene, attempt).state is S.OVERRIDDEN


def test_one_of_an_earlier_run_is_as_old_as_it_was_looked_at(scene: Scene) -> None:
    attempt = scene.ask(scene.cart())
    set_back(scene, timedelta(days=1))
    scene.restart()
    manager = scene.shop.sign_in.sign_in(*MANAGER)
    with pytest.raises(Refused, match="180 s more"):
        scene.mpesa.overriding.override(attempt.id, actor=manager)
    scene.clock.advance(timedelta(minutes=3))
    scene.mpesa.overriding.override(attempt.id, actor=manager)
