"""Opening a driver loads neither what runs jobs nor a server's library: a till starts with it."""

from __future__ import annotations

import subprocess
import sys

import pytest

PROGRAM = """
import sys
from pos_queue.drivers import opening
from pos_queue.drivers.driver_choice import chosen_driver
from pos_queue.premises import Premises
{more}
print([name for name in ("huey", "redis") if name in sys.modules])
"""


@pytest.mark.parametrize(
    "more",
    ["", "import pos_queue.drivers.redis_driver.driver", "import pos_queue.drivers.sync_driver"],
)
def test_what_only_enqueues_is_light(more: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(more=more)],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert done.stdout == "[]\n"
