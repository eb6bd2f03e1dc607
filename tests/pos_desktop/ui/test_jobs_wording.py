"""The words of the page of jobs: how long, how far, and why a job waits."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from pos_queue.views.shown import JobDetail, JobView, Progress, ShownPayload

from pos_desktop.domain.text import ENGLISH, LANGUAGES, _, ngettext, speak
from pos_desktop.languages import learn_languages
from pos_desktop.ui.screens.jobs.wording import how_far, span, why_it_waits
from pos_desktop.ui.screens.office.job_watch import of_whole

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
JOB = JobView(
    number=1, job="work", queue="default", state="running", attempts=1, failures=0, priority=0.0,
    endpoint=None, batch=None, started_by=None, is_sensitive=False, cancel_asked=False,
    created_at=NOW, run_at=NOW, started_at=NOW - timedelta(seconds=30), finished_at=None,
    outcome=None, error="", traceback="", payload=ShownPayload(value={}), progress=None,
)  # fmt: skip


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-5, "0 s"),
        (59.9, "59 s"),
        (60, "1 min"),
        (3599, "59 min"),
        (3600, "1 h 0 min"),
        (86_399, "23 h 59 min"),
        (86_400, "1 d 0 h"),
        (200_000, "2 d 7 h"),
    ],
)
def test_a_span_is_told_in_its_two_largest_units(seconds: float, words: str) -> None:
    assert span(seconds) == words


@pytest.mark.parametrize(
    ("done", "total", "words"),
    [
        (0, None, "for 30 s"),
        (7, None, "7 · for 30 s"),
        (0, 1000, "0 of 1,000 · for 30 s"),
        (100, 1000, "100 of 1,000 · for 30 s · 4 min left"),
        (750, 1000, "750 of 1,000 · for 30 s · 10 s left"),
        (1000, 1000, "1,000 of 1,000 · for 30 s"),
        (1100, 1000, "1,100 of 1,000 · for 30 s"),
    ],
)
def test_what_is_left_is_told_by_what_was_done(done: int, total: int | None, words: str) -> None:
    far = Progress(done=done, total=total, message="", at=NOW)
    assert how_far(replace(JOB, progress=far), NOW) == words


@pytest.mark.parametrize(
    ("progress", "words"),
    [
        (None, ""),
        (Progress(done=0, total=None, message="", at=NOW), ""),
        (Progress(done=0, total=0, message="", at=NOW), ""),
        (Progress(done=0, total=65_985, message="", at=NOW), "0 of 65,985"),
        (Progress(done=1_000, total=65_985, message="", at=NOW), "1,000 of 65,985"),
    ],
)
def test_a_page_says_how_much_is_done_once_the_whole_is_known(
    progress: Progress | None, words: str
) -> None:
    detail = JobDetail(view=replace(JOB, progress=progress), result=None, tried=())
    assert of_whole(detail) == words


def test_a_job_waits_for_its_queue_before_anything_else() -> None:
    later = replace(JOB, state="scheduled", run_at=NOW + timedelta(hours=1))
    assert why_it_waits(later, ["default"], NOW, UTC) == "waits: its queue is paused"
    assert why_it_waits(later, [], NOW, UTC) == "tries again at 09:00"
    assert why_it_waits(replace(later, attempts=0), [], NOW, UTC) == "waits until 09:00"
    assert why_it_waits(replace(later, run_at=NOW), [], NOW, UTC) == "waits for its turn"
    offline = replace(later, state="waiting_for_network")
    assert why_it_waits(offline, [], NOW, UTC) == "waits for the network"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("count", [1, 2])
def test_the_alarm_names_the_list_of_failed_jobs_as_its_tab(language: str, count: int) -> None:
    learn_languages()
    speak(language)
    try:
        bare = ngettext(
            "{count:,} job has failed: look at it under Failed.",
            "{count:,} jobs have failed: look at them under Failed.",
            count,
        )
        assert _("Failed") in bare
        alarm = ngettext(
            "{count:,} job has failed, and the limit is {limit}: look at it under Failed.",
            "{count:,} jobs have failed, and the limit is {limit}: look at them under Failed.",
            count,
        )
        assert _("Failed") in alarm
    finally:
        speak(ENGLISH)
