"""posctl bench measures in a shop of its own, and says what beside what."""

from __future__ import annotations

from pathlib import Path

import pytest

from pos_desktop.cli.bench import measures
from pos_desktop.cli.bench.figure import at_share, of_times
from pos_desktop.services.sales.selling import Checkout
from pos_desktop.shop import Shop
from tests.pos_desktop.cli.conftest import Posctl


def test_every_figure_stands_beside_a_reference_or_a_limit(posctl: Posctl, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    figures = posctl.json("bench", "--products", "1000", "--disk", str(disk))["figures"]
    assert len(figures) == 17
    assert all(figure["p99"] > 0 for figure in figures)
    assert all(figure["ratio"] or figure["limit"] for figure in figures)
    assert not list(disk.iterdir())
    assert len(posctl.err.splitlines()) == len(figures), "each is told as it comes"
    assert "record a sale of five lines" in posctl.err


def test_a_slow_disk_is_told_after_a_few_sales(
    posctl: Posctl, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measures, "_MOST_SECONDS", 0.0)
    asked: list[int] = []
    checkout = measures.Bench._checkout

    def counted(self: measures.Bench, shop: Shop, number: int) -> Checkout:
        asked.append(number)
        return checkout(self, shop, number)

    monkeypatch.setattr(measures.Bench, "_checkout", counted)
    posctl("bench", "--products", "1000", "--disk", str(tmp_path))
    assert asked.count(0) == 2
    assert asked[:3] == [0, 0, 1], "the first round ends with its first sale"


def test_too_few_products_measure_nothing(posctl: Posctl) -> None:
    with pytest.raises(SystemExit) as ended:
        posctl("bench", "--products", "10")
    assert ended.value.code == 2


def test_a_share_is_a_value_that_was_measured() -> None:
    assert at_share([3.0, 1.0, 2.0], 0.5) == 2.0
    assert at_share([3.0, 1.0, 2.0], 0.99) == 3.0
    assert at_share([1.0], 0.99) == 1.0


def test_a_figure_over_its_limit_is_told() -> None:
    figure = of_times("work", [0.01, 0.02], below=15, reference=("rest", [0.01, 0.01]))
    assert (figure.p50, figure.p99, figure.ratio, figure.ok) == (20.0, 20.0, 2.0, False)
    assert figure.cells()[-2:] == ("worst <= 15", "OVER")
    assert of_times("work", [0.01], below=15).ok


def test_the_worst_of_a_few_is_not_called_a_percentile() -> None:
    few, many = of_times("work", [0.01] * 99), of_times("work", [0.01] * 100, below=15)
    assert (few.cells()[2], many.cells()[2], many.limit) == ("worst 10", "10", "p99 <= 15")
