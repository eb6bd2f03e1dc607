"""Cycles are looked for again whatever long work comes to."""

from __future__ import annotations

import gc

import pytest

from pos_desktop.services.background.uncollected import uncollected


def test_no_cycles_are_looked_for_meanwhile() -> None:
    with uncollected():
        assert not gc.isenabled()
        with uncollected():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()


def test_they_are_looked_for_again_after_a_failure() -> None:
    with pytest.raises(ValueError, match="spoilt"), uncollected():
        raise ValueError("spoilt")
    assert gc.isenabled()
