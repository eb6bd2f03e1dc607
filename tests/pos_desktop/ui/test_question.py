"""A question that the same key answers."""

from __future__ import annotations

from pos_desktop.ui.kit.question import Question


def test_the_second_press_confirms_and_a_third_asks_anew() -> None:
    question = Question()
    assert not question
    assert [question.confirmed(), bool(question)] == [False, True]
    assert [question.confirmed(), bool(question)] == [True, False]
    assert [question.confirmed(), bool(question)] == [False, True]


def test_what_was_asked_about_one_thing_is_not_confirmed_of_another() -> None:
    question = Question()
    assert not question.confirmed(0)
    assert not question.confirmed(1)
    assert not question.confirmed(0)
    assert question.confirmed(0)


def test_a_question_that_is_forgotten_is_asked_anew() -> None:
    question = Question()
    assert not question.forget()
    question.confirmed("wanjiru")
    assert question.forget()
    assert not question
    assert not question.confirmed("wanjiru")


def test_a_question_that_was_opened_is_confirmed_by_one_press() -> None:
    question = Question()
    question.ask("wanjiru")
    assert question
    assert question.confirmed("wanjiru")
