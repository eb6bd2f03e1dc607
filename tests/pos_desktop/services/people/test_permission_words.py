"""Every permission has words, and no two the same."""

from __future__ import annotations

from pos_desktop.domain.staff import Permission
from pos_desktop.services.people.permission_words import permission_words


def test_every_permission_has_words_of_its_own() -> None:
    words = [permission_words(permission) for permission in Permission]
    assert all(title and note for title, note in words)
    assert len({title for title, _note in words}) == len(Permission)
