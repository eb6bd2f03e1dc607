"""Whatever bytes a file holds: rows, errors or one sentence, never a crash."""

from __future__ import annotations

import io
import marshal
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pos_desktop.documents.product_rows import parse_products_stream
from pos_desktop.documents.reasons import FileRefused
from tests.pos_desktop.documents import workbooks

CSV = 'UPC,Item,Retail,Tax\n4011,"Ba\nnanas","1,250.50",B\n4012,Tea,3,\n' * 3
INSERTED = [b'"', b"\n", b"\x00", b",", b"<c r='A1'><v>", b"</row>", b"\xff\xfe", b"&a;", b"9" * 40]
damage = st.lists(
    st.tuples(
        st.floats(0, 1, exclude_max=True),
        st.one_of(st.sampled_from(INSERTED), st.integers(0, 60), st.binary(max_size=4)),
    ),
    max_size=6,
)
Damage = list[tuple[float, bytes | int]]


def _damaged(content: bytes, damage: Damage) -> bytes:
    """Insert bytes at places of a file, or cut so many out."""
    for place, what in damage:
        at = int(place * len(content))
        if isinstance(what, int):
            content = content[:at] + content[at + what :]
        else:
            content = content[:at] + what + content[at:]
    return content


def _survives(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    try:
        for item in parse_products_stream(str(path)):
            marshal.dumps(item)
    except FileRefused as refused:
        assert path.name in str(refused)  # noqa: PT017


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("hostile")


@pytest.fixture(scope="module")
def rebuilt(folder: Path) -> Callable[[str, Damage], bytes]:
    """A workbook one of whose parts is damaged inside a sound archive."""
    rows: list[list[object]] = [
        ["EAN", "Item", "Price"],
        *([4011 + n, f"name {n}", "=A1"] for n in range(20)),
    ]
    with zipfile.ZipFile(workbooks.save(folder / "sound.xlsx", rows)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}

    def rebuild(wanted: str, damage: Damage) -> bytes:
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w") as archive:
            for name, content in parts.items():
                archive.writestr(name, _damaged(content, damage) if wanted in name else content)
        return made.getvalue()

    return rebuild


SETTINGS = settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@SETTINGS
@given(damage=damage, encoding=st.sampled_from(["utf-8", "utf-16", "utf-16-le", "cp1252"]))
def test_a_damaged_csv(folder: Path, damage: Damage, encoding: str) -> None:
    _survives(folder / "goods.csv", _damaged(CSV.encode(encoding), damage))


@SETTINGS
@given(damage=damage)
def test_a_damaged_archive(
    folder: Path, rebuilt: Callable[[str, Damage], bytes], damage: Damage
) -> None:
    _survives(folder / "goods.xlsx", _damaged(rebuilt("none", []), damage))


@SETTINGS
@given(damage=damage, part=st.sampled_from(["sheet1", "sharedStrings", "styles", "workbook.xml"]))
def test_a_damaged_part(
    folder: Path, rebuilt: Callable[[str, Damage], bytes], damage: Damage, part: str
) -> None:
    _survives(folder / "goods.xlsx", rebuilt(part, damage))


@SETTINGS
@given(content=st.binary(max_size=300), head=st.sampled_from([b"", b"PK\x03\x04", b"\x1f\x8b"]))
def test_anything(folder: Path, content: bytes, head: bytes) -> None:
    _survives(folder / "goods", head + content)
