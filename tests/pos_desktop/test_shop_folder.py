"""A folder that is closed to a login is told in a sentence, whoever asks."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile

import pytest

from pos_desktop import shop_folder

AS_NOBODY = """
import os, sys
from pathlib import Path
from pos_desktop.domain.errors import PosError
from pos_desktop.shop_folder import check_shop_exists, nothing_of_a_shop, shop_exists
import getpass
os.setgroups([])
os.setuid(65534)
for ask in (check_shop_exists, nothing_of_a_shop, shop_exists):
    try:
        ask(Path(sys.argv[1]))
    except PosError as error:
        print(error)
"""


@pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() != 0, reason="only root can be somebody else"
)
def test_a_login_that_may_not_enter_is_told_who_gives_the_right() -> None:
    with tempfile.TemporaryDirectory(dir="/tmp") as name:  # closed to all others
        command = [sys.executable, "-c", AS_NOBODY, name]
        done = subprocess.run(command, check=True, text=True, capture_output=True, timeout=60)
    told = done.stdout.splitlines()
    sentence = f"This login may not use the shop in {name}. Sign in to the computer with the login"
    assert told == [f"{sentence} that made the shop (root)."] * 3


def test_a_machine_wide_shop_is_its_group_s() -> None:
    place = shop_folder.MACHINE_WIDE[os.name]
    told = shop_folder.how_to_enter(place)
    assert f"usermod -aG pos-desktop {shop_folder.login_name()}" in told
