"""Each job that a service leaves for later is declared, and each that is declared has its name."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from types import SimpleNamespace
from typing import cast

from pos_queue.job import Job

from pos_desktop.jobs.registry import JobServices, every_job
from pos_desktop.services.background.queue_words import words_of_jobs
from tests.house.sources import modules, tree, within


def _names() -> Iterator[tuple[str, str]]:
    """Yield the module and the text of every JobName that stands beside a service."""
    for module, path in modules().items():
        if not within(module, "pos_desktop.services"):
            continue
        for node in ast.walk(tree(path)):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id == "JobName"
            ):
                (text,) = node.args
                assert isinstance(text, ast.Constant), f"{module}:{node.lineno} is not a plain text"
                yield module, str(text.value)


def declared_jobs() -> list[Job]:
    """Return the jobs without a shop: none touches its services before it runs."""
    services = SimpleNamespace(**dict.fromkeys(JobServices.__dataclass_fields__))
    return [*every_job(cast("JobServices", services))]


def test_names_and_jobs_are_the_same() -> None:
    names = [name for _module, name in _names()]
    assert sorted(names) == sorted(job.name for job in declared_jobs())
    assert len(set(names)) == len(names)
    assert "prune_jobs" in names


def test_a_job_has_a_module_of_its_own_name() -> None:
    present = set(modules())
    assert not [
        job.name for job in declared_jobs() if f"pos_desktop.jobs.{job.name}" not in present
    ]


def test_each_job_has_words_for_people() -> None:
    assert {job.name for job in declared_jobs()} == set(words_of_jobs())
