"""A figure of lists of sales has a place in each of the sums, and a heading.

What is forgotten is named here; elsewhere it would come to light as a missing key.
"""

from __future__ import annotations

import re
from dataclasses import fields

import pytest

from pos_desktop.domain.figures import Figures
from pos_desktop.services.reports.report_parts import LINE_FIGURES, SALES_FIGURES, figure_columns
from pos_desktop.storage import figures, line_groups, sales_groups


def summed(sql: str) -> set[str]:
    """Return the names under which a part of a SELECT sums up."""
    return set(re.findall(r"\bAS (\w+)", sql))


PLACES = {
    "storage.figures.SUMS": summed(figures.SUMS),
    "storage.sales_groups, of some lines": summed(sales_groups._LINE_SUMS),
    "domain.figures.Figures": {field.name for field in fields(Figures)},
}


@pytest.mark.parametrize("place", PLACES)
def test_each_figure_of_sales_stands_there(place: str) -> None:
    assert set(SALES_FIGURES) - PLACES[place] == set()


def test_each_figure_of_lines_is_summed() -> None:
    assert set(LINE_FIGURES) - summed(line_groups.SUMS) == set()


def test_each_figure_has_a_heading() -> None:
    columns = figure_columns(*SALES_FIGURES)
    assert [column.key for column in columns] == list(SALES_FIGURES)
    assert all(column.title for column in columns)
