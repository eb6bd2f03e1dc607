"""Answers that come late are passed over."""

from __future__ import annotations

from pos_desktop.ui.kit.latest import Latest


def test_only_the_answer_to_the_last_question_is_taken() -> None:
    latest, taken = Latest(), list[str]()
    first, second = latest.only(taken.append), latest.only(taken.append)
    first("sug")
    second("sugar")
    assert taken == ["sugar"]


def test_an_older_answer_that_comes_after_the_last_is_passed_over_too() -> None:
    latest, taken = Latest(), list[str]()
    first, second = latest.only(taken.append), latest.only(taken.append)
    second("sugar")
    first("sug")
    assert taken == ["sugar"]


def test_nothing_is_taken_once_the_question_is_void() -> None:
    latest, taken = Latest(), list[str]()
    answer = latest.only(taken.append)
    latest.void()
    answer("sugar")
    assert taken == []


def test_a_question_after_that_is_answered() -> None:
    latest, taken = Latest(), list[str]()
    latest.void()
    latest.only(taken.append)("sugar")
    assert taken == ["sugar"]
