"""The token of all calls: fetched once, and thrown away only by who was refused that very one."""

from __future__ import annotations

from pos_sync.mpesa.access_token import Token, TokenKeeper


def test_who_was_refused_an_older_token_leaves_the_newer_one() -> None:
    fetched = iter("abc")
    keeper = TokenKeeper(lambda: Token(next(fetched), until=100.0), lambda: 0.0)
    first = keeper.token()
    keeper.refused(first)
    second = keeper.token()
    keeper.refused(first)
    assert (first, second, keeper.token()) == ("a", "b", "b")
    keeper.refused(second)
    assert keeper.token() == "c"
