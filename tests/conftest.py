"""What every test has at hand: the long forms of tests run with --torture."""

from __future__ import annotations

import os

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--torture", action="store_true", help="run tortures at full length: hours of a shop's life"
    )


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "torture: has no short form; runs with --torture alone")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("--torture"):
        long = [item for item in items if item.get_closest_marker("torture")]
        config.hook.pytest_deselected(items=long)
        items[:] = [item for item in items if item not in long]


@pytest.fixture
def torture(request: pytest.FixtureRequest) -> bool:
    """Whether a torture runs at full length; its short form runs each time."""
    return bool(request.config.getoption("--torture"))
