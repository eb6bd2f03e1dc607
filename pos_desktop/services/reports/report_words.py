"""What reports are called, and what each of them answers."""

from __future__ import annotations

from pos_desktop.domain.text import _


def title(name: str) -> str:
    """Return what people call a report."""
    return {
        "sales-summary": _("Sales summary"),
        "sales-by-day": _("Sales by day"),
        "sales-by-hour": _("Sales by hour"),
        "sales-by-product": _("Sales by product"),
        "sales-by-category": _("Sales by category"),
        "sales-by-cashier": _("Sales by cashier"),
        "sales-by-tender": _("Sales by tender"),
        "vat": _("VAT by rate"),
        "margin": _("Margin"),
        "stock-value": _("Stock value"),
        "low-stock": _("Low stock"),
        "shifts": _("Shifts"),
        "x": _("X of the open shift"),
        "z": _("Z reports"),
        "audit": _("Audit"),
        "mpesa": _("M-Pesa by day"),
    }[name]


def question(name: str) -> str:
    """Return what a report answers, in a few words."""
    return {
        "sales-summary": _("How much was sold, and how it was paid"),
        "sales-by-day": _("Which days were good"),
        "sales-by-hour": _("At which hours customers come"),
        "sales-by-product": _("What sells, the most first"),
        "sales-by-category": _("Which kinds of goods sell"),
        "sales-by-cashier": _("Who sold how much"),
        "sales-by-tender": _("What came in as cash, M-Pesa or card"),
        "vat": _("What is owed to the tax office, by rate"),
        "margin": _("What was earned on each product"),
        "stock-value": _("What is on the shelves, and its worth"),
        "low-stock": _("What to order"),
        "shifts": _("Every shift with its count, and what was off"),
        "x": _("The figures of the shift that is open now"),
        "z": _("Every day that was closed"),
        "audit": _("Voids, price changes, approvals: who did what"),
        "mpesa": _("Whether what came by M-Pesa is what sales took"),
    }[name]
