"""What every test has at hand: cheap PINs, and long forms that run with --torture."""

from __future__ import annotations

import faulthandler
import os
from collections.abc import Iterator
from functools import cache

import pytest
from _pytest.faulthandler import fault_handler_stderr_fd_key
from argon2 import PasswordHasher

from pos_desktop.domain import country, text
from pos_desktop.security import pins

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

TORTURE_SECONDS = 2 * 3600.0


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--torture", action="store_true", help="run tortures at full length: hours of a shop's life"
    )


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "torture: has no short form; runs with --torture alone")
    config.addinivalue_line(
        "markers", "spoils_books: leaves a shop whose books are not in order, on purpose"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("--torture"):
        long = [item for item in items if item.get_closest_marker("torture")]
        config.hook.pytest_deselected(items=long)
        items[:] = [item for item in items if item not in long]


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Give a torture more time than `faulthandler_timeout` before it counts as hanging."""
    if item.config.getoption("--torture"):
        stderr = item.config.stash[fault_handler_stderr_fd_key]
        faulthandler.dump_traceback_later(TORTURE_SECONDS, exit=True, file=stderr)


@pytest.fixture
def torture(request: pytest.FixtureRequest) -> bool:
    """Whether a torture runs at full length; its short form runs each time."""
    return bool(request.config.getoption("--torture"))


_FULL_COST = pins._hasher


@cache
def _cheap() -> PasswordHasher:
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@pytest.fixture(scope="session", autouse=True)
def cheap_pins() -> Iterator[None]:
    """Let the hash of a PIN cost next to nothing: a shop has three, and each sign-in one more."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pins, "_hasher", _cheap)
        yield


@pytest.fixture
def full_cost_of_pins(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the hash of a PIN cost what it costs in a shop."""
    monkeypatch.setattr(pins, "_hasher", _FULL_COST)


@pytest.fixture(autouse=True)
def at_home() -> Iterator[None]:
    """Leave language and country of the process as every test expects to find them."""
    yield
    text.speak(text.ENGLISH)
    country.follow("KE")
