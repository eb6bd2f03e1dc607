"""0006: a stock take of very many products ends in parts, each a fact that fits between two sales.

The lines of a part stand in `stock_take_line`, its moves in `stock_move`; the take's own end
(`stock_take_end`) follows the last part.
"""

from __future__ import annotations

NAME = "takes in parts"

APPEND_ONLY = ("stock_take_part",)

SCHEMA = """
CREATE TABLE stock_take_part (
    id TEXT PRIMARY KEY REFERENCES fact (id),
    take_id TEXT NOT NULL REFERENCES stock_take (id),
    no INTEGER NOT NULL,
    uncounted TEXT NOT NULL,
    staff_id TEXT,
    business_day TEXT NOT NULL,
    UNIQUE (take_id, no)
) WITHOUT ROWID
"""

SEARCH: tuple[str, ...] = ()
