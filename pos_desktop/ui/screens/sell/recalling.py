"""Taking a held sale up again: the open one steps aside first, and what it costs is looked at."""

from __future__ import annotations

from collections.abc import Callable

from pos_desktop.domain import commands as do
from pos_desktop.domain.ids import Id
from pos_desktop.domain.text import _
from pos_desktop.services.counter.command_desk import CommandDesk
from pos_desktop.services.counter.replies import Reply
from pos_desktop.ui.screens.sell.turns import Failed, Turns

WithHeld = Callable[[Callable[[], None]], None]
"""Learns what is on hold now, and does something after that, within one turn."""


class Recalling:
    """Knows how one sale makes way for another."""

    def __init__(
        self,
        desk: CommandDesk,
        turns: Turns,
        with_held: WithHeld,
        taken_up: Callable[[str, int], None],
        failed: Failed,
    ) -> None:
        """Take who is told: `taken_up` hears a sentence, or nothing, and how many prices changed.

        The sentence is about the sale that was open before.
        """
        self._desk = desk
        self._turns = turns
        self._with_held = with_held
        self._taken_up = taken_up
        self._failed = failed

    def recall(self, cart_id: Id | None, *, is_empty: bool) -> None:
        """Take a held cart up, or the newest; within a turn. One with lines is held before."""
        if is_empty:
            self._take_up(cart_id, "")
            return

        def held(reply: Reply) -> None:
            text = _("The sale that was open is on hold: {label}.")
            self._take_up(cart_id, text.format(label=reply.message))

        self._turns.follow(lambda: self._desk.begin(do.Hold()), held, self._not_done)

    def _take_up(self, cart_id: Id | None, said: str) -> None:
        def then(reply: Reply) -> None:
            self._with_held(lambda: self._taken_up(said, reply.changed_prices))

        self._turns.follow(lambda: self._desk.begin(do.Recall(cart_id)), then, self._not_done)

    def _not_done(self, error: Exception) -> None:
        self._failed(error)
        self._with_held(lambda: None)
