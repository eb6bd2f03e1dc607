"""What is typed at a till, line by line, for tests that need a sale rather than its parts."""

from __future__ import annotations

from pos_desktop.domain.grammar import parse_play
from pos_desktop.services.counter.replies import Reply
from pos_desktop.shop import Shop


def play(shop: Shop, *lines: str) -> Reply:
    """Carry lines out and return the reply to the last."""
    reply = Reply()
    for line in lines:
        reply = shop.desk.execute(parse_play(line))
    return reply
