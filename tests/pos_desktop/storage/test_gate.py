"""The till passes the gate before any bulk writer."""

from __future__ import annotations

import threading

from pos_desktop.storage.gate import WriteGate


def test_a_waiting_till_goes_before_waiting_bulk_writers() -> None:
    gate = WriteGate()
    order: list[str] = []
    threads = []

    def enter(name: str, *, bulk: bool) -> None:
        gate.enter(bulk=bulk)
        order.append(name)
        gate.leave()

    gate.enter(bulk=True)
    for name in ("bulk 1", "bulk 2", "till"):
        thread = threading.Thread(target=enter, args=(name,), kwargs={"bulk": name != "till"})
        thread.start()
        threads.append(thread)
        while len(gate._condition._waiters) < len(threads):  # type: ignore[attr-defined]
            thread.join(0.001)
    gate.leave()
    for thread in threads:
        thread.join(10)
    assert order[0] == "till"
    assert sorted(order) == ["bulk 1", "bulk 2", "till"]
