"""The queue's keys come from those that a shop has, also from an old one's."""

from __future__ import annotations

import pytest

from pos_desktop.security.queue_keys import queue_keys
from pos_desktop.security.recovery import JOURNAL_KEY, PAYLOAD_KEY, derive_keys, make_recovery_key
from pos_desktop.security.secrets import SecretsMissing

SHOP_ID = "0192f0aa11117abc8def001122334455"


class Kept:
    """Secrets that cannot be written."""

    def __init__(self, kept: dict[str, bytes]) -> None:
        self._kept = kept

    def get(self, name: str) -> bytes:
        if name not in self._kept:
            raise SecretsMissing
        return self._kept[name]

    def put(self, secrets: dict[str, bytes]) -> None:
        pytest.fail("nothing is kept")


@pytest.fixture
def keys() -> dict[str, bytes]:
    return derive_keys(make_recovery_key(), SHOP_ID)


def test_the_recovery_key_alone_makes_them_again(keys: dict[str, bytes]) -> None:
    first, again = queue_keys(Kept(keys)), queue_keys(Kept(dict(keys)))
    assert first.seal == again.seal
    text = first.cipher.encrypt(b"secret", b"job")
    assert again.cipher.decrypt(text, b"job") == b"secret"


def test_no_two_purposes_share_a_key(keys: dict[str, bytes]) -> None:
    found = queue_keys(Kept(keys))
    assert len({found.seal, found.cipher._key, *keys.values()}) == 2 + len(keys)
    assert len(found.seal) == len(found.cipher._key) == 32


def test_a_shop_without_a_payload_key_gets_the_same_ones_each_time(keys: dict[str, bytes]) -> None:
    old = {JOURNAL_KEY: keys[JOURNAL_KEY]}
    found = queue_keys(Kept(old))
    assert queue_keys(Kept(dict(old))).seal == found.seal
    assert found.seal != queue_keys(Kept(keys)).seal
    assert found.cipher._key != keys[PAYLOAD_KEY]


def test_a_shop_without_any_key_has_none_for_the_queue() -> None:
    with pytest.raises(SecretsMissing):
        queue_keys(Kept({}))
