"""Statements of the portal, for tests: its header, and a line for each payment."""

from __future__ import annotations

from pathlib import Path

HEADER = (
    "Receipt No.,Completion Time,Initiation Time,Details,Transaction Status,Paid In,Withdrawn,"
    "Balance,Balance Confirmed,Reason Type,Other Party Info,Linked Transaction ID,A/C No."
)
BEFORE = "Organization Name:,DUKA\nShort Code:,174379\n"


def paid(
    receipt: str, amount: str = "1450.00", at: str = "24-11-2026 11:59:00", reference: str = ""
) -> str:
    """Return the line of a payment."""
    return (
        f'{receipt},{at},{at},Pay Bill Online,Completed,"{amount}",,,true,Pay Bill Online,'
        f"2547****678 - JANE DOE,,{reference}"
    )


def given_back(receipt: str, amount: str = "1450.00") -> str:
    """Return the line by which a payment has gone back."""
    return (
        f"TKZ9999999,24-11-2026 12:30:00,,Pay Utility Reversal,Completed,,-{amount},,true,"
        f"Pay Utility Reversal,,{receipt},"
    )


def statement(path: Path, *lines: str, before: str = BEFORE) -> Path:
    """Write a statement of these lines, with a mark of its encoding and the portal's totals."""
    text = "\r\n".join([before + HEADER, *lines, ',,,Totals,,"9,999.00",,,,,,,', ""])
    path.write_bytes(text.encode("utf-8-sig"))
    return path
