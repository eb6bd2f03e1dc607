"""A payload is hidden, bound to its place, and never believed once it was changed."""

from __future__ import annotations

import pytest

from pos_desktop.security.payload_cipher import NONCE_BYTES, PayloadCipher

KEY, PLAIN, BOUND = b"k" * 32, b'{"password":"t0ps3cret"}', b"send_mail"


def test_what_was_encrypted_is_read_again_and_cannot_be_seen() -> None:
    text = PayloadCipher(KEY).encrypt(PLAIN, BOUND)
    assert b"t0ps3cret" not in text
    assert PayloadCipher(KEY).decrypt(text, BOUND) == PLAIN


def test_the_same_text_never_looks_the_same() -> None:
    cipher = PayloadCipher(KEY)
    texts = {cipher.encrypt(PLAIN, BOUND) for _text in range(100)}
    assert len({text[:NONCE_BYTES] for text in texts}) == 100


def test_every_changed_byte_is_found() -> None:
    text = PayloadCipher(KEY).encrypt(PLAIN, BOUND)
    for place in range(len(text)):
        changed = bytearray(text)
        changed[place] ^= 1
        with pytest.raises(ValueError, match="changed"):
            PayloadCipher(KEY).decrypt(bytes(changed), BOUND)


def test_another_key_and_another_place_read_nothing() -> None:
    text = PayloadCipher(KEY).encrypt(PLAIN, BOUND)
    for key, bound in ((b"x" * 32, BOUND), (KEY, b"another_job")):
        with pytest.raises(ValueError, match="another key"):
            PayloadCipher(key).decrypt(text, bound)


def test_a_text_that_was_cut_is_no_text() -> None:
    text = PayloadCipher(KEY).encrypt(PLAIN, BOUND)
    for length in (0, 1, NONCE_BYTES, NONCE_BYTES + 15):
        with pytest.raises(ValueError, match="too short"):
            PayloadCipher(KEY).decrypt(text[:length], BOUND)


def test_it_is_the_gcm_that_others_know() -> None:
    """Case 16 of McGrew and Viega's specification of GCM, the nonce before the text."""
    key = bytes.fromhex("feffe9928665731c6d6a8f9467308308" * 2)
    nonce = bytes.fromhex("cafebabefacedbaddecaf888")
    plain = bytes.fromhex(
        "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
        "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39"
    )
    bound = bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2")
    text = PayloadCipher(key, lambda _size: nonce).encrypt(plain, bound)
    assert text.hex() == (
        "cafebabefacedbaddecaf888"
        "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
        "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
        "76fc6ece0f4e1768cddf8853bb2d551b"
    )
