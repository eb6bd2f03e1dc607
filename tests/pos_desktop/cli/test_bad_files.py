"""Files that cannot be imported: each is refused by its own sentence and exit code 1."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from pos_desktop.documents import workbook_guard
from tests.pos_desktop.cli.conftest import Posctl
from tests.pos_desktop.documents import workbooks


def picture(path: Path) -> None:
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20)


def web_page(path: Path) -> None:
    path.write_text("<!DOCTYPE html><html><table><tr><td>Milk</td></tr></table></html>")


def empty(path: Path) -> None:
    path.write_bytes(b"")


def encrypted(path: Path) -> None:
    stream = "EncryptedPackage".encode("utf-16-le")
    head = workbooks.OLE_MAGIC + bytes(workbook_guard.OLE_BLOCK - 20)
    path.write_bytes(head + stream + bytes(99))


def endless(path: Path) -> None:
    workbooks.swollen(path, "xl/worksheets/sheet1.xml", megabytes=300)


def damaged(path: Path) -> None:
    workbooks.save(path, [["code", "name"], ["A", "B"]])
    path.write_bytes(path.read_bytes()[:-200])


def other_archive(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("letter.txt", "Dear customer")


def no_columns(path: Path) -> None:
    path.write_text("one,two\nthree,four\n")


def no_key(path: Path) -> None:
    path.write_text("name,price\nMilk,65\n")


def missing(path: Path) -> None:
    assert not path.exists()


def folder(path: Path) -> None:
    path.mkdir()


@pytest.mark.parametrize(
    ("make", "name", "words"),
    [
        (picture, "goods.csv", "not a table"),
        (web_page, "goods.xls", "web page"),
        (empty, "goods.csv", "empty"),
        (encrypted, "goods.xlsx", "password"),
        (endless, "goods.xlsx", "unpacks"),
        (damaged, "goods.xlsx", "damaged"),
        (other_archive, "goods.xlsx", "not a table"),
        (no_columns, "goods.csv", "--map"),
        (no_key, "goods.csv", "barcode"),
        (missing, "goods.csv", "cannot be opened"),
        (folder, "goods.csv", "cannot be opened"),
    ],
)
def test_a_file_that_is_no_catalogue_is_refused(
    demo: Posctl, tmp_path: Path, make: Callable[[Path], None], name: str, words: str
) -> None:
    file = tmp_path / name
    make(file)
    demo("import", "products", str(file), "--json", code=1)
    assert demo.out == ""
    assert words in demo.err
    assert len(demo.err.strip().splitlines()) == 1
    assert demo.json("report", "stock-value")["totals"]
    for command in (["--sheet", "Nowhere"], ["--map", "x=nonsense"]):
        demo("import", "products", str(file), *command, code=1)


ROWS = [
    ("61619900001", "a damaged barcode", "10", "check digit"),
    ("6.1616E+12", "cut digits", "10", "digits are lost"),
    ("6161990000013", "negative", "-10", "below zero"),
    ("6161990000020", "absurd", "999999999999", "larger"),
    ("6161990000037", "three decimals", "10.125", "decimals"),
    ("6161990000044", "words", "ten", "not a number"),
]


def test_every_bad_row_is_named_and_the_good_ones_come_in(demo: Posctl, tmp_path: Path) -> None:
    from pos_desktop.domain.barcodes import check_digit

    rows = [
        (code[:12] + str(check_digit(code[:12])) if len(code) == 13 else code, name, price, reason)
        for code, name, price, reason in ROWS
    ]
    rows[0] = ("6161990000999", "a damaged barcode", "10", "check digit")
    good = ["KES 1,240.50", "Ksh 1240.50", "1240.50/=", "1 240.50"]
    lines = ["Bar code,Description,Selling price"]
    lines += [f"{code},{name},{price}" for code, name, price, _reason in rows]
    lines += [f'G{number},good {number},"{price}"' for number, price in enumerate(good)]
    file = tmp_path / "dirty.csv"
    file.write_text("\n".join(lines) + "\n", encoding="cp1252")
    found = demo.json("import", "products", str(file))
    assert (found["rows"], found["imported"], found["rejected"]) == (10, 4, 6)
    for error, (_code, _name, _price, reason) in zip(found["errors"], rows, strict=True):
        assert reason in error["reason"]
    listed = demo.json("report", "stock-value")["rows"]
    assert len(listed) == 40


@pytest.mark.parametrize(
    ("encoding", "delimiter"),
    [
        ("utf-8", ","),
        ("utf-8-sig", ";"),
        ("utf-16", "\t"),
        ("utf-16-le", ","),
        ("cp1252", "|"),
    ],
)
def test_encodings_and_separators_are_recognised(
    demo: Posctl, tmp_path: Path, encoding: str, delimiter: str
) -> None:
    rows = [["code", "name", "price"], ["E1", "Café crème\nwith milk", "1,50" * (delimiter != ",")]]
    rows[1][2] = rows[1][2] or "1.50"
    text = "\r\n".join(delimiter.join(f'"{cell}"' for cell in row) for row in rows)
    file = tmp_path / "goods.csv"
    file.write_bytes(text.encode(encoding))
    found = demo.json("import", "products", str(file))
    assert (found["imported"], found["errors"]) == (1, [])
    shown = demo.json("import", "products", str(file))
    assert shown["unchanged"] == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ("import", "products", "."),
        ("import", "products", ""),
        ("import", "products", "goods.csv", "--errors", "."),
        ("report", "vat", "--format", "csv", "--out", "."),
        ("play", "."),
    ],
)
def test_a_folder_that_is_named_for_a_file_is_named_in_the_refusal(
    demo: Posctl, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    (tmp_path / "folder").mkdir()
    monkeypatch.chdir(tmp_path / "folder")
    Path("goods.csv").write_text("name,price\nMilk,65\n")
    demo(*arguments, code=1)
    assert f"{tmp_path / 'folder'} cannot be" in demo.err or arguments[0] != "import"
    assert "folder cannot be" in demo.err
