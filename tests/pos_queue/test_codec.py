"""What stands in the file of a job: JSON that is sealed, and unreadable where it is a secret."""

from __future__ import annotations

import json
import pickle
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pos_queue.codec import Codec, Message
from pos_queue.context import JobContext
from pos_queue.errors import PayloadMismatch, Unreadable
from pos_queue.job import Job, Registry
from pos_queue.testing.practice_queue import PracticeQueue

from tests.house.sources import imports, modules

SECRET = "hunter2 and 0712345678"


class ReversingCipher:
    """Stands in for encryption: what it writes is not what it read, and belongs to its place."""

    def encrypt(self, plain: bytes, bound: bytes) -> bytes:
        return bound[::-1] + b"|" + plain[::-1]

    def decrypt(self, text: bytes, bound: bytes) -> bytes:
        beside, _bar, plain = text.partition(b"|")
        if beside != bound[::-1]:
            raise ValueError("not here")
        return plain[::-1]


def registry_of(*versions: int, **declared: Any) -> Registry:
    return Registry(
        tuple(
            Job(name="work", body=lambda _context, **_payload: None, version=version, **declared)
            for version in versions
        )
    )


def codec_of(registry: Registry, key: bytes = b"key") -> Codec:
    return Codec(registry, seal_key=key, cipher=ReversingCipher())


plain_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(st.text(), plain_values, max_size=4), st.booleans())
def test_a_payload_comes_back_as_it_was(payload: dict[str, Any], sensitive: bool) -> None:
    payload = json.loads(json.dumps(payload, allow_nan=False)) if "inf" not in str(payload) else {}
    codec = codec_of(registry_of(1, sensitive=sensitive))
    packed = codec.pack(Message("work", 1, payload))
    assert codec.read("work", packed.body, packed.seal).payload == payload


@given(st.integers(0, 10_000), st.integers(1, 255))
def test_a_changed_byte_is_found(place: int, by: int) -> None:
    codec = codec_of(registry_of(1))
    packed = codec.pack(Message("work", 1, {"amount_cents": 100, "to": "a"}))
    body = bytearray(packed.body)
    body[place % len(body)] = (body[place % len(body)] + by) % 256
    with pytest.raises(Unreadable, match="changed past the program"):
        codec.read("work", bytes(body), packed.seal)


def test_a_payload_belongs_to_its_job_and_its_shop() -> None:
    two = Registry(tuple(Job(name=name, body=lambda _context: None) for name in ("a", "b")))
    packed = codec_of(two).pack(Message("a", 1, {}))
    for codec, job, seal in (
        (codec_of(two), "b", packed.seal),
        (codec_of(two, b"other"), "a", packed.seal),
        (codec_of(two), "a", None),
    ):
        with pytest.raises(Unreadable):
            codec.read(job, packed.body, seal)


def test_a_secret_is_bound_to_its_job_by_its_cipher_too() -> None:
    two = Registry(
        tuple(Job(name=name, body=lambda _context: None, sensitive=True) for name in ("a", "b"))
    )
    codec = codec_of(two)
    packed = codec.pack(Message("a", 1, {}))
    with pytest.raises(Unreadable, match="cannot be decrypted"):
        codec.read("b", packed.body, codec.seal("b", packed.body))


def test_an_old_version_is_brought_up_step_by_step() -> None:
    old = codec_of(registry_of(1)).pack(Message("work", 1, {"price": 2}))
    upgrades = {
        1: lambda payload: {"cents": payload["price"] * 100},
        2: lambda payload: {**payload, "currency": "KES"},
    }
    new = codec_of(registry_of(3, upgrades=upgrades))
    assert new.read("work", old.body, old.seal).payload == {"cents": 200, "currency": "KES"}
    with pytest.raises(PayloadMismatch, match="nothing reads its old version 1"):
        codec_of(registry_of(3, upgrades={2: dict})).read("work", old.body, old.seal)


def test_the_payload_of_a_newer_program_is_left_alone() -> None:
    new = codec_of(registry_of(2)).pack(Message("work", 2, {}))
    with pytest.raises(PayloadMismatch, match="a newer program"):
        codec_of(registry_of(1)).read("work", new.body, new.seal)


def test_a_secret_needs_a_key() -> None:
    codec = Codec(registry_of(1, sensitive=True), seal_key=b"key")
    with pytest.raises(PayloadMismatch, match="payload key"):
        codec.pack(Message("work", 1, {}))


def test_a_chain_is_a_secret_where_one_of_its_jobs_is() -> None:
    jobs = (
        Job(name="open", body=lambda _context: None),
        Job(name="secret", body=lambda _context, *, pin: None, sensitive=True),
    )
    codec = codec_of(Registry(jobs))
    packed = codec.pack(Message("open", 1, {}, (Message("secret", 1, {"pin": SECRET}),)))
    assert SECRET.encode() not in packed.body


def body_that_tells(context: JobContext, *, pin: str) -> None:
    context.progress(1, 2, f"with {pin}")
    context.checkpoint({"pin": pin})
    if context.attempt == 1:
        raise ValueError(f"refused {pin}")
    raise KeyError(pin)


def test_nothing_of_a_secret_can_be_read_in_the_file_or_in_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    work = Job(name="work", body=body_that_tells, sensitive=True, attempts=2)
    queue = PracticeQueue(tmp_path, [work], cipher=ReversingCipher())
    number = queue.enqueue("work", {"pin": SECRET})
    while queue.waiting():
        queue.drain()
        queue.clock.advance(600)
    assert queue.ended(number).error == "KeyError"
    files = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert len(files) > 10_000
    for form in (SECRET, SECRET.split(maxsplit=1)[0], SECRET.rsplit(maxsplit=1)[-1]):
        assert form.encode() not in files
        assert form not in caplog.text
    told = queue.database.execute_sql("SELECT traceback FROM job_attempts").fetchall()
    assert all("body_that_tells" in trace for (trace,) in told)


@pytest.mark.parametrize(
    "harm",
    [
        "UPDATE jobs SET payload = CAST(replace(payload, '100', '900') AS BLOB)",
        "UPDATE jobs SET payload = x'80049528'",
        "UPDATE jobs SET payload = x'', seal = NULL",
        "UPDATE jobs SET job = 'renamed'",
        "UPDATE jobs SET seal = x'00'",
    ],
)
def test_what_cannot_be_read_fails_with_its_payload_and_holds_nobody_up(
    tmp_path: Path, harm: str
) -> None:
    ran: list[int] = []
    work = Job(name="work", body=lambda _context, *, cents: ran.append(cents))
    queue = PracticeQueue(tmp_path, [work])
    number = queue.enqueue("work", {"cents": 100})
    queue.database.execute_sql(harm)
    kept = queue.database.execute_sql("SELECT payload FROM jobs").fetchone()
    queue.enqueue("work", {"cents": 1})
    queue.drain()
    assert ran == [1]
    failed = queue.database.execute_sql("SELECT number, payload FROM failed_jobs").fetchall()
    assert failed == [(number, *kept)]
    outcome = queue.database.execute_sql("SELECT outcome, error FROM job_attempts").fetchone()
    assert outcome[0] == "unreadable"
    assert outcome[1]


def test_no_pickle_is_loaded_from_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    loaded: list[object] = []
    monkeypatch.setattr("huey.serializer.pickle.loads", loaded.append)
    queue = PracticeQueue(tmp_path, [Job(name="work", body=lambda _context: None)])
    for column in ("job = 'unknown'", "job = 'work'"):
        queue.enqueue("work")
        pickled = pickle.dumps(print)
        queue.database.execute_sql(f"UPDATE jobs SET payload = ?, {column}", (pickled,))
        queue.drain()
    assert queue.database.execute_sql("SELECT count(*) FROM failed_jobs").fetchone() == (2,)
    assert not loaded


def test_binary_forms_are_read_from_pipes_and_files_of_the_moment_alone() -> None:
    binary = {"pickle", "marshal", "shelve", "dill", "copyreg"}
    users = {
        module
        for module, path in modules().items()
        for name in imports(path)
        if name.partition(".")[0] in binary
    }
    sums = "pos_desktop.storage.row_seals"
    assert users == {"pos_queue.children.frames", "pos_desktop.documents.shared_texts", sums}
    assert "load" not in modules()[sums].read_text(encoding="utf-8")
