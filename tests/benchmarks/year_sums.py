"""Every report anew, in plain SQL on the base tables: its rows and its totals.

Nothing here is shared with the reports. Lines are taxed and their discounts found again from
quantity, price and rate; what came back is told by the sign of its quantity; a drawer is added up
from its float, its tenders and its moves; stock is the sum of its moves; what a Z covers is its
business day. The shop's zone is three hours before UTC the whole year.
"""

from __future__ import annotations

BASE = """
CREATE TEMP TABLE line AS
SELECT l.sale_id, l.product_id, coalesce(l.category, '') AS category, l.tax_band AS band,
    l.tax_rate_bp AS rate, l.quantity, l.gross_cents AS gross, l.cost_cents AS cost,
    iif(l.gross_cents < 0, -1, 1) * ((2 * abs(l.gross_cents) * l.tax_rate_bp + 10000
        + l.tax_rate_bp) / (2 * (10000 + l.tax_rate_bp))) AS vat,
    iif(l.quantity < 0, -1, 1) * ((abs(l.quantity) * l.price_cents + 500) / 1000) - l.gross_cents
        AS discount
FROM sale_line l JOIN sale s ON s.id = l.sale_id
WHERE s.business_day >= :first AND s.business_day < :end;

CREATE TEMP TABLE paid AS
SELECT t.sale_id, t.kind, s.shift_id, s.business_day AS day, 0 AS is_account,
    t.given_cents - t.change_cents AS amount
FROM tender t JOIN sale s ON s.id = t.sale_id
WHERE s.business_day >= :first AND s.business_day < :end
UNION ALL
SELECT NULL, kind, shift_id, business_day, 1, given_cents - change_cents FROM account_payment
WHERE business_day >= :first AND business_day < :end;

CREATE INDEX temp.paid_in_shift ON paid (shift_id, kind);
CREATE INDEX temp.paid_on_day ON paid (is_account, day);

CREATE TEMP TABLE sold AS
SELECT s.id, s.business_day AS day, s.shift_id, s.staff_id,
    strftime('%H:00', s.sold_at / 1000, 'unixepoch', '+3 hours') AS hour,
    l.is_back, l.gross, l.gross - l.vat AS net, l.vat, l.discount, p.amount - l.gross AS rounding
FROM sale s
JOIN (SELECT sale_id, min(quantity) < 0 AS is_back, sum(gross) AS gross, sum(vat) AS vat,
    sum(discount) AS discount FROM line GROUP BY sale_id) l ON l.sale_id = s.id
JOIN (SELECT sale_id, sum(amount) AS amount FROM paid GROUP BY sale_id) p ON p.sale_id = s.id;

CREATE TEMP TABLE goods AS
SELECT p.id, p.name, coalesce(p.category, '') AS category, p.price_cents AS price,
    p.cost_cents AS cost, p.reorder_level, p.reorder_to, p.code, coalesce(m.level, 0) AS level
FROM product p
LEFT JOIN (SELECT product_id, sum(quantity) AS level FROM stock_move GROUP BY product_id) m
    ON m.product_id = p.id;

CREATE TEMP TABLE earned AS
SELECT product_id, sum(quantity) AS quantity, sum(gross - vat) AS net,
    sum(iif(cost IS NULL, 0, gross - vat)) AS known, sum(cost IS NULL) AS unknown,
    iif(sum(cost * quantity) < 0, -1, 1)
        * ((abs(coalesce(sum(cost * quantity), 0)) + 500) / 1000) AS cost
FROM line GROUP BY product_id;

CREATE TEMP TABLE drawer AS
SELECT s.id, s.business_day AS day, p.name AS cashier, s.opened_at, c.closed_at, c.counted_cents,
    c.shift_id IS NULL AS is_open, s.float_cents AS float,
    s.float_cents
        + coalesce((SELECT sum(amount) FROM paid WHERE kind = 'cash' AND shift_id = s.id), 0)
        + coalesce((SELECT sum(amount_cents) FROM cash_move WHERE shift_id = s.id), 0) AS expected
FROM shift s JOIN staff p ON p.id = s.staff_id LEFT JOIN shift_close c ON c.shift_id = s.id
WHERE s.business_day >= :first AND s.business_day < :end;
"""
"""Lines, payments, sales, goods with stock and margin, and drawers, of the days in question."""

_SALES = """coalesce(sum(is_back = 0), 0) AS sales, coalesce(sum(is_back), 0) AS refunds,
    coalesce(sum(gross), 0) AS gross_cents, coalesce(sum(net), 0) AS net_cents,
    coalesce(sum(vat), 0) AS vat_cents, coalesce(sum(discount), 0) AS discount_cents,
    coalesce(sum(rounding), 0) AS rounding_cents"""
_LINES = """sum(gross) AS gross_cents, sum(gross - vat) AS net_cents, sum(vat) AS vat_cents,
    sum(discount) AS discount_cents"""
_ON_ACCOUNT = "coalesce(sum(amount), 0) AS payments_on_account_cents FROM paid WHERE is_account"
_TENDERS = """count(*) AS count, sum(max(amount, 0) * (NOT is_account)) AS taken_cents,
    sum(max(-amount, 0) * (NOT is_account)) AS given_back_cents,
    sum(amount * is_account) AS on_account_cents, sum(amount) AS amount_cents FROM paid"""
_MPESA_TAKEN = "sum(max(amount, 0))"
_MPESA = f"""0 AS payments, 0 AS came_in_cents, 0 AS by_push_cents, 0 AS by_itself_cents,
    0 AS typed_cents, 0 AS unverified_cents, 0 AS differs_cents, 0 AS open_cents, 0 AS tray_cents,
    0 AS asked_back_cents, 0 AS given_back_cents, 0 AS elsewhere_cents,
    {_MPESA_TAKEN} AS sales_cents, {_MPESA_TAKEN} AS no_payment_cents,
    sum(max(-amount, 0)) AS refunds_cents, 0 AS refunds_open_cents, 0 AS refunds_otherwise_cents,
    -{_MPESA_TAKEN} AS difference_cents
    FROM paid WHERE kind = 'mpesa' AND NOT is_account"""
"""Nobody has told that shop of a payment by M-Pesa; `test_mpesa_report` has those."""


def _money(cents: str) -> str:
    """Return SQL for what a quantity of thousandths comes to at so many cents each."""
    return f"iif(level < 0, -1, 1) * ((abs(level) * {cents} + 500) / 1000)"


_SHORT = "goods WHERE reorder_level IS NOT NULL AND level <= reorder_level"
_ACTS = """(
    SELECT j.*, p.name FROM journal j LEFT JOIN staff p ON p.id = j.actor_id
    WHERE date(j.at / 1000, 'unixepoch', '+3 hours') >= :first
        AND date(j.at / 1000, 'unixepoch', '+3 hours') < :end
        AND (j.kind NOT IN ('sale', 'stock opening', 'stock opening undone')
            OR (j.kind = 'sale' AND j.approver_id IS NOT NULL)))"""
_TENDER_WORD = """CASE kind WHEN 'mpesa' THEN 'M-Pesa' WHEN 'credit' THEN 'On account'
    WHEN 'exchange' THEN 'Exchanged goods' ELSE upper(substr(kind, 1, 1)) || substr(kind, 2) END"""
_OPEN = "shift_id = (SELECT id FROM drawer WHERE is_open)"


def _moment(column: str) -> str:
    """Return SQL for a moment on the wall of the shop; an empty text for none."""
    wall = f"strftime('%Y-%m-%dT%H:%M:%S+03:00', {column} / 1000, 'unixepoch', '+3 hours')"
    return f"coalesce({wall}, '')"


ROWS = {
    "sales-summary": "SELECT kind AS tender, count(*) AS count, sum(amount) AS amount_cents "
    "FROM paid GROUP BY kind",
    "sales-by-day": f"SELECT day, {_SALES} FROM sold GROUP BY day",
    "sales-by-hour": f"SELECT hour, {_SALES} FROM sold GROUP BY hour",
    "sales-by-product": f"SELECT g.code, g.name, g.category, sum(quantity) AS quantity, {_LINES} "
    "FROM line JOIN goods g ON g.id = product_id GROUP BY g.id",
    "sales-by-category": f"SELECT category, {_LINES} FROM line GROUP BY category",
    "sales-by-cashier": f"SELECT p.name AS cashier, {_SALES} "
    "FROM sold JOIN staff p ON p.id = staff_id GROUP BY p.id",
    "sales-by-tender": f"SELECT kind AS tender, {_TENDERS} GROUP BY kind",
    "vat": "SELECT band, rate AS rate_percent, sum(gross - vat) AS net_cents, "
    "sum(vat) AS vat_cents, sum(gross) AS gross_cents FROM line GROUP BY band, rate",
    "margin": "SELECT g.code, g.name, g.category, e.quantity, e.net AS net_cents, "
    "e.cost AS cost_cents, e.known - e.cost AS margin_cents, "
    "iif(e.known = 0, NULL, iif(e.known < e.cost, -1, 1) "
    "* ((20000 * abs(e.known - e.cost) + abs(e.known)) / (2 * abs(e.known)))) AS margin_percent "
    "FROM earned e JOIN goods g ON g.id = e.product_id",
    "stock-value": "SELECT code, name, category, level AS quantity, cost AS cost_cents, "
    f"price AS price_cents, {_money('cost')} AS cost_value_cents, "
    f"{_money('price')} AS price_value_cents FROM goods WHERE level <> 0",
    "low-stock": "SELECT code, name, level AS quantity, reorder_level, "
    f"max(coalesce(reorder_to, reorder_level) - level, 0) AS suggested_order FROM {_SHORT}",
    "shifts": f"SELECT d.day AS business_day, cashier, {_moment('opened_at')} AS opened_at, "
    f"{_moment('closed_at')} AS closed_at, coalesce(sum(is_back = 0), 0) AS sales, "
    "coalesce(sum(gross), 0) AS gross_cents, float AS float_cents, "
    "iif(is_open, NULL, expected) AS expected_cents, counted_cents, "
    "counted_cents - expected AS variance_cents "
    "FROM drawer d LEFT JOIN sold s ON s.shift_id = d.id GROUP BY d.id",
    "x": "SELECT 'Figures' AS part, 'Sales' AS name, sum(is_back = 0) AS count, "
    f"NULL AS amount_cents FROM sold WHERE {_OPEN} "
    f"UNION ALL SELECT 'Figures', 'Refunds', sum(is_back), NULL FROM sold WHERE {_OPEN} "
    f"UNION ALL SELECT 'Figures', 'VAT', NULL, sum(vat) FROM sold WHERE {_OPEN} "
    f"UNION ALL SELECT 'Figures', 'Rounding', NULL, sum(rounding) FROM sold WHERE {_OPEN} "
    f"UNION ALL SELECT 'Tenders', {_TENDER_WORD}, count(*), sum(amount) "
    f"FROM paid WHERE {_OPEN} GROUP BY kind "
    "UNION ALL SELECT 'Drawer', 'Float', NULL, float FROM drawer WHERE is_open "
    "UNION ALL SELECT 'Drawer', 'Expected in drawer', NULL, expected FROM drawer WHERE is_open",
    "z": f"SELECT z.business_day, p.name AS closed_by, {_SALES}, (SELECT coalesce(sum(amount), 0) "
    "FROM paid WHERE is_account AND day = z.business_day) AS payments_on_account_cents "
    "FROM z_report z JOIN staff p ON p.id = z.staff_id JOIN sold ON day = z.business_day "
    "GROUP BY z.id",
    "audit": f"SELECT seq AS entry, {_moment('at')} AS at, coalesce(name, 'posctl') AS [by] "
    f"FROM {_ACTS}",
    "mpesa": f"SELECT day, {_MPESA} GROUP BY day",
}
"""The rows of a report by its own columns, those that are worth it; percents in hundredths,
quantities in thousandths. Of the X some rows."""

_TOTAL_SALES = f"SELECT {_SALES} FROM sold"
_TOTAL_LINES = f"SELECT {_LINES} FROM line"
_CLOSED_DAYS = "day IN (SELECT business_day FROM z_report)"

TOTALS = {
    "sales-summary": f"SELECT * FROM ({_TOTAL_SALES}), (SELECT {_ON_ACCOUNT})",
    "sales-by-day": _TOTAL_SALES,
    "sales-by-hour": _TOTAL_SALES,
    "sales-by-cashier": _TOTAL_SALES,
    "sales-by-product": _TOTAL_LINES,
    "sales-by-category": _TOTAL_LINES,
    "sales-by-tender": f"SELECT {_TENDERS}",
    "vat": "SELECT sum(gross - vat) AS net_cents, sum(vat) AS vat_cents, "
    "sum(gross) AS gross_cents FROM line",
    "margin": "SELECT sum(net) AS net_cents, sum(cost) AS cost_cents, "
    "sum(known - cost) AS margin_cents, sum(unknown) AS lines_without_cost FROM earned",
    "stock-value": f"SELECT sum({_money('cost')}) AS cost_value_cents, "
    f"sum({_money('price')}) AS price_value_cents, "
    "sum(cost IS NULL) AS products_without_cost FROM goods WHERE level <> 0",
    "low-stock": f"SELECT count(*) AS products FROM {_SHORT}",
    "shifts": "SELECT (SELECT count(*) FROM sold WHERE NOT is_back) AS sales, "
    "(SELECT sum(gross) FROM sold) AS gross_cents, "
    "(SELECT sum(counted_cents - expected) FROM drawer) AS variance_cents",
    "x": f"SELECT *, (SELECT expected FROM drawer WHERE is_open) AS expected_cents "
    f"FROM ({_TOTAL_SALES} WHERE {_OPEN}), (SELECT {_ON_ACCOUNT} AND {_OPEN})",
    "z": f"SELECT * FROM ({_TOTAL_SALES} WHERE {_CLOSED_DAYS}), "
    f"(SELECT {_ON_ACCOUNT} AND {_CLOSED_DAYS})",
    "audit": f"SELECT count(*) AS entries FROM {_ACTS}",
    "mpesa": f"SELECT {_MPESA}",
}
"""The totals of a report, by its own names."""
