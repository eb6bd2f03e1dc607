"""No act of any screen takes two seconds past the queue: each is listed with how it is done."""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterator
from itertools import chain

import pytest

from pos_desktop.settings.declaring import Setting
from tests.house.test_job_names import declared_jobs
from tests.pos_desktop.ui.acts_in_source import (
    acts,
    functions_named,
    other_meanings,
    sites,
    sources,
)
from tests.pos_desktop.ui.every_act import (
    ACTS,
    BESIDES,
    HANDS_ON,
    LONGEST_SECONDS,
    OTHER_MEANINGS,
    WORK,
    Beside,
    How,
    Job,
    Lane,
    Looks,
    Lots,
    Reads,
    Waits,
)

MOST_ON_THE_LANE = 5_000
"""More rows than these are on no list that the lane reads for a screen."""


def _hows(kind: type[How]) -> Iterator[tuple[str, How]]:
    return ((site, one) for site, found in WORK.items() for one in found if isinstance(one, kind))


def _number(named: str) -> int:
    """Return what a constant or a setting says, as it is at first."""
    module, _colon, name = named.partition(":")
    found = getattr(importlib.import_module(module), name)
    if isinstance(found, Setting):
        found = found.default
    assert isinstance(found, int), named
    return found


def test_every_act_of_every_screen_is_listed() -> None:
    assert acts() == {screen: {*listed} for screen, listed in ACTS.items()}


def test_every_place_at_which_work_leaves_the_screen_is_listed() -> None:
    assert {*sites()} - HANDS_ON == {*WORK}
    assert {*sites()} >= HANDS_ON


def test_no_work_leaves_it_by_other_words() -> None:
    assert other_meanings() == OTHER_MEANINGS
    threads = {
        path
        for path, module in sources().items()
        for node in ast.walk(module)
        if isinstance(node, ast.Attribute | ast.Name)
        and getattr(node, "attr", getattr(node, "id", "")) in ("Thread", "QThread", "QThreadPool")
    }
    assert {path.partition("/")[0] for path in threads} == {"threads"}


def test_every_place_is_reached_by_what_is_listed() -> None:
    listed = chain(*(one.values() for one in ACTS.values()), BESIDES.values())
    assert {site for found in listed for site in found} == {*WORK}


def test_how_it_is_done_is_how_it_leaves() -> None:
    """What stands beside the lane in the source is beside it in the list, and nothing else is."""
    beside = {site for site, ways in sites().items() if "beside" in ways} - HANDS_ON
    listed = {
        site
        for site, found in WORK.items()
        if any(isinstance(one, Beside | Looks | Reads | Lots) for one in found)
        or (any(isinstance(one, Waits) for one in found) and "beside" in sites()[site])
    }
    assert listed == beside


@pytest.mark.parametrize(("site", "how"), [*_hows(Beside)])
def test_what_stands_beside_the_lane_is_counted(site: str, how: Beside) -> None:
    assert _number(how.most) / how.a_second <= LONGEST_SECONDS, site


@pytest.mark.parametrize(("site", "how"), [*_hows(Looks)])
def test_what_only_looks_can_be_left(site: str, how: Looks) -> None:
    assert functions_named(how.left_by) & {"Cancelled", "tell"}, site


@pytest.mark.parametrize(("site", "how"), [*_hows(Reads), *_hows(Lots)])
def test_what_is_done_whole_beside_the_lane_is_done_in_time(site: str, how: Reads | Lots) -> None:
    assert 0 < how.seconds <= LONGEST_SECONDS, site


@pytest.mark.parametrize(("site", "how"), [*_hows(Lane)])
def test_what_stands_on_the_lane_is_bounded(site: str, how: Lane) -> None:
    if how.most:
        assert 0 < _number(how.most) <= MOST_ON_THE_LANE, site


def test_every_job_that_is_named_is_one_of_the_queue() -> None:
    named = {how.name for _site, how in _hows(Job) if isinstance(how, Job)}
    assert named <= {job.name for job in declared_jobs()}
