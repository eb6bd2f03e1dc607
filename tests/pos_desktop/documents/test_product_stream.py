"""The catalogue reader where it runs: in a child process."""

from __future__ import annotations

from pathlib import Path

import pytest
from pos_queue.children.errors import ChildRefused
from pos_queue.children.stream import run_stream

from pos_desktop.documents.product_rows import PRELOAD, STREAM, Chunk, Preview
from pos_desktop.documents.reasons import FileFault, FileRefused
from pos_desktop.domain.product_row import ProductRow
from tests.pos_desktop.documents import workbooks

EXPECTED = ("pos_desktop.domain.errors:Refused",)


def test_products_cross_from_a_child(tmp_path: Path) -> None:
    rows = [["barcode", "name"], *([str(number), f"name {number}"] for number in range(1_200))]
    path = workbooks.save(tmp_path / "goods.xlsx", rows)
    args = {"path": str(path)}
    with run_stream(STREAM, args, expected=EXPECTED, limit=60, preload=PRELOAD) as stream:
        preview = Preview._make(next(stream))
        chunks = [Chunk._make(chunk) for chunk in stream]
    assert preview.columns == {"barcode": "barcode", "name": "name"}
    assert [len(chunk.rows) for chunk in chunks] == [500, 500, 200]
    assert ProductRow._make(chunks[-1].rows[-1]).name == "name 1199"


def test_a_refusal_crosses_and_words_itself_in_the_parent(tmp_path: Path) -> None:
    path = tmp_path / "picture.csv"
    path.write_bytes(b"\x89PNG\r\n\x1a\n")
    with pytest.raises(ChildRefused) as refused:
        list(run_stream(STREAM, {"path": str(path)}, expected=EXPECTED, limit=60))
    assert isinstance(refused.value.data, dict)
    again = FileRefused.from_data(refused.value.data)
    assert again.fault is FileFault.NOT_A_TABLE
    assert str(again) == refused.value.sentence


def count_and_peak(path: str) -> tuple[int, int]:
    """Return the number of rows read and the peak of this process's memory in kilobytes."""
    import resource

    from pos_desktop.documents.product_rows import ProductFile

    rows = sum(len(chunk.rows) for chunk in ProductFile(Path(path)).chunks())
    return rows, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def test_twenty_times_the_rows_need_no_more_memory(tmp_path: Path, torture: bool) -> None:
    peaks = []
    for rows in (50_000, 1_000_000) if torture else (5_000, 100_000):
        path = tmp_path / f"{rows}.csv"
        with path.open("w", encoding="utf-8") as file:
            file.write("barcode,name,price,stock\n")
            file.writelines(f"{n},name of {n},{n % 999}.50,{n % 77}\n" for n in range(rows))
        target = f"{__name__}:count_and_peak"
        with run_stream(target, {"path": str(path)}, limit=300) as stream:
            ((read, peak),) = stream
        assert read == rows
        peaks.append(peak)
    assert peaks[1] < peaks[0] * 1.25
