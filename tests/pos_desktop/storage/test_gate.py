"""The till passes the gate before any bulk writer."""

from __future__ import annotations

import threading

from pos_desktop.storage.gate import WriteGate


def test_a_waiting_till_goes_before_waiting_bulk_writers() -> None:
    gate = WriteGate()
    order: list[str] = []
    threads = []

    def enter(name: str, *, bulk: bool) -> None:
        with gate.bulk() if bulk else gate.till():
            order.append(name)

    with gate.bulk():
        for name in ("bulk 1", "bulk 2", "till"):
            thread = threading.Thread(target=enter, args=(name,), kwargs={"bulk": name != "till"})
            thread.start()
            threads.append(thread)
            while len(gate._condition._waiters) < len(threads):  # type: ignore[attr-defined]
                thread.join(0.001)
    for thread in threads:
        thread.join(10)
    assert order[0] == "till"
    assert sorted(order) == ["bulk 1", "bulk 2", "till"]


def test_the_gate_opens_again_after_an_error() -> None:
    gate = WriteGate()
    try:
        with gate.till():
            raise KeyError
    except KeyError:
        pass
    with gate.bulk():
        assert gate._held
