"""A scanner is told from a typist by time alone; nothing is lost, doubled or merged."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pos_hardware.wedge import Decision, Fate, Key, Wedge, WedgeSettings

ENTER = "\r"


class Window:
    """A window: what was typed into it, and what was scanned.

    Its timer gives keys back in time, or, after a stall, comes too late for each of them.
    """

    def __init__(self, *, has_timer: bool = True) -> None:
        self.wedge = Wedge(WedgeSettings())
        self.has_timer = has_timer
        self.last = 0.0
        self.seen = ""
        self.scans: list[str] = []
        self.now = 0.0

    def keys(self, text: str, gap: float, pause: float = 0) -> None:
        self.now += pause
        for letter in text:
            self.now += gap
            if self.has_timer and self.now - self.last > self.wedge.settings.gap_ms:
                self.replay(self.wedge.flush())
            self.key(letter)
            self.last = self.now

    def key(self, letter: str) -> None:
        decision = self.wedge.feed(letter, self.now, terminator=letter in "\r\t")
        self.replay(decision.replay)
        if decision.scan is not None:
            self.scans.append(decision.scan)
        if decision.fate is Fate.PASS:
            self.seen += letter

    def replay(self, keys: Iterable[Key]) -> None:
        self.seen += "".join(key.text for key in keys)

    def rest(self) -> None:
        self.now += 1000
        self.replay(self.wedge.flush())


def test_a_scan_is_taken_and_nothing_leaks() -> None:
    window = Window()
    window.keys("4006381333931\r", 8)
    window.rest()
    assert (window.scans, window.seen) == (["4006381333931"], "")


def test_typing_reaches_the_window() -> None:
    window = Window()
    window.keys("milk 2l\r", 60)
    window.rest()
    assert (window.scans, window.seen) == ([], "milk 2l\r")


def test_a_key_is_given_back_with_its_token() -> None:
    wedge = Wedge()
    assert wedge.feed("a", 100, token="event") == Decision(Fate.HOLD)
    assert wedge.flush() == (Key("a", "event"),)
    assert wedge.flush() == ()


def test_a_late_timer_gives_back_before_the_next_key() -> None:
    wedge = Wedge()
    wedge.feed("a", 0)
    assert wedge.feed("b", 41) == Decision(Fate.HOLD, (Key("a"),))


def test_the_gap_itself_still_belongs_to_a_burst() -> None:
    window = Window()
    window.keys("123456\r", 40)
    assert window.scans == ["123456"]


def test_short_bursts_are_typing() -> None:
    window = Window()
    window.keys("12345\r", 5)
    assert (window.scans, window.seen) == ([], "12345\r")
    window.keys("96385074\t", 5, pause=100)
    assert window.scans == ["96385074"]


def test_a_late_terminator_is_a_person() -> None:
    window = Window()
    window.keys("12345678", 5)
    window.keys("\r", 41)
    assert (window.scans, window.seen) == ([], "12345678\r")


def test_scans_in_a_row_are_kept_apart() -> None:
    window = Window()
    codes = [f"{number:013}" for number in range(50)]
    for code in codes:
        window.keys(code + ENTER, 1)
    assert (window.scans, window.seen) == (codes, "")


def test_the_release_of_a_scans_terminator_is_eaten_once() -> None:
    window = Window()
    assert window.wedge.release() is Fate.PASS
    window.keys("12345678\r", 5)
    assert window.wedge.release() is Fate.EAT
    assert window.wedge.release() is Fate.PASS


def test_a_second_terminator_of_the_scanner_is_eaten_and_a_persons_is_not() -> None:
    window = Window()
    window.keys("12345678\r\t", 5)
    assert (window.scans, window.seen) == (["12345678"], "")
    window.keys("\r", 41)
    assert window.seen == "\r"


def test_other_keys_give_back_what_was_withheld_first() -> None:
    wedge = Wedge()
    wedge.feed("a", 0)
    assert wedge.other_key() == Decision(Fate.PASS, (Key("a"),))
    wedge.feed("b", 100)
    assert wedge.flush() == (Key("b"),)
    assert wedge.flush() == ()


def test_a_space_in_a_code_belongs_to_it() -> None:
    window = Window()
    window.keys("AB 123 X\r", 10)
    assert (window.scans, window.seen) == (["AB 123 X"], "")


@pytest.mark.parametrize(("gap", "least"), [(4, 6), (201, 6), (40, 0), (40, 101)])
def test_settings_out_of_range_are_refused(gap: float, least: int) -> None:
    with pytest.raises(ValueError):
        WedgeSettings(gap_ms=gap, least_length=least)


codes = (
    st.text("0123456789AB -", min_size=6, max_size=20)
    .map(str.strip)
    .filter(lambda code: len(code) >= 6)
)
"""Spaces around a code are no part of it."""
scan_gaps = st.floats(0, 39, allow_nan=False)
typing_gaps = st.floats(41, 300, allow_nan=False)


@given(st.lists(st.tuples(codes, scan_gaps), max_size=8), st.booleans())
def test_every_burst_is_one_scan_in_order(
    bursts: list[tuple[str, float]],
    has_timer: bool,
) -> None:
    window = Window(has_timer=has_timer)
    for code, gap in bursts:
        window.keys(code + ENTER, gap, pause=50)
    window.rest()
    assert window.scans == [code for code, _ in bursts]
    assert window.seen == ""


@given(st.text("abc123 \r\t", max_size=40), typing_gaps, st.booleans())
def test_a_typist_is_never_taken_for_a_scanner(text: str, gap: float, has_timer: bool) -> None:
    window = Window(has_timer=has_timer)
    window.keys(text, gap)
    window.rest()
    assert (window.scans, window.seen) == ([], text)


@given(
    st.lists(
        st.tuples(st.booleans(), codes, scan_gaps, st.floats(60, 300, allow_nan=False)),
        max_size=8,
    )
)
def test_typing_and_scans_mixed_come_out_whole(
    parts: list[tuple[bool, str, float, float]],
) -> None:
    window = Window()
    for is_scan, text, scan_gap, typing_gap in parts:
        if is_scan:
            window.keys(text + ENTER, scan_gap, pause=60)
        else:
            window.keys(text, typing_gap, pause=60)
    window.rest()
    assert window.scans == [text for is_scan, text, _, _ in parts if is_scan]
    assert window.seen == "".join(text for is_scan, text, _, _ in parts if not is_scan)


@given(
    st.lists(st.tuples(st.sampled_from("ab1\r\t"), st.floats(0, 120, allow_nan=False))),
    st.booleans(),
)
def test_no_key_is_lost_or_doubled_at_any_speed(
    keys: list[tuple[str, float]],
    has_timer: bool,
) -> None:
    """What was seen and scanned together are the keys fed, but for eaten terminators."""
    window = Window(has_timer=has_timer)
    fed = "".join(key for key, _ in keys)
    for key, gap in keys:
        window.keys(key, gap)
    window.rest()
    letters = window.seen + "".join(window.scans)
    printable = [letter for letter in letters if letter not in "\r\t"]
    assert sorted(printable) == sorted(letter for letter in fed if letter not in "\r\t")
    assert all(len(scan) >= 6 for scan in window.scans)
