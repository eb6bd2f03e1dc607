"""What is secret, and what tells of people, is covered wherever it stands."""

from __future__ import annotations

import pytest

from pos_desktop.services.doctor.covering import Cover, leaves_covered, values_covered

COVER = Cover(
    ["s3cret-of-the-relay", "abc"], ["Amina Hassan", 'Joe "Big" Otieno', "manager", "Bo", "Ann"]
)


@pytest.mark.parametrize(
    "text",
    [
        "told +254712345678 of it",
        "phone=254712345678, again",
        "call 0712 345 678 or 0712-345-678",
        "to njeri.w@example.co.ke, bounced",
        "postgresql://njeri:tulips@db/relay",
        "hash $argon2id$v=19$m=65536$c2FsdA$aGFzaA",
        "by the s3cret-of-the-relay it was read",
        "sold to Amina Hassan on account",
        r'{"name": "Joe \"Big\" Otieno"}',
    ],
)
def test_it_is_covered(text: str) -> None:
    covered = COVER(text)
    assert "***" in covered
    for part in ("712", "njeri", "tulips", "argon2", "s3cret", "Hassan", "Otieno"):
        assert part not in covered


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-28T05:08:54.123Z ERROR 4711 MainThread pos_desktop: entry 1764300000000 of 12",
        "the manager is a role, Bo is too short, Annual report, abc",
        'File "/opt/pos-desktop/shop.py", line 254, in open_shop',
    ],
)
def test_what_support_needs_stays(text: str) -> None:
    assert COVER(text) == text


def test_of_a_payload_only_the_names_stay() -> None:
    payload = {"sale": "0190", "lines": [{"name": "Milk"}], "to": {"phone": "0712345678"}}
    assert leaves_covered(payload) == {"sale": "***", "lines": ["***"], "to": {"phone": "***"}}


def test_of_a_document_the_texts_are_covered_before_they_are_written_as_one() -> None:
    secret = 'Duka"2026\\x'
    cover = Cover([secret, "queue"], [])
    document = {"queue": [{"error": f"refused {secret}", "attempts": 2}], "of": (secret, None)}
    covered = values_covered(document, cover)
    assert covered == {"queue": [{"error": "refused ***", "attempts": 2}], "of": ["***", None]}
