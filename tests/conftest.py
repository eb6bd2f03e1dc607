"""What every test has at hand: the long forms of tests run with --torture."""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--torture", action="store_true", help="run tortures at full length: hours of a shop's life"
    )


@pytest.fixture
def torture(request: pytest.FixtureRequest) -> bool:
    """Whether a torture runs at full length; its short form runs each time."""
    return bool(request.config.getoption("--torture"))
