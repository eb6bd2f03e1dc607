"""Barcodes: whether a check digit is right, and how else a scanner may spell a code.

A code is kept as the shop wrote it. Only a code that claims to be a manufacturer's (GTIN) can be
wrong: shops number their own goods freely, with short codes or with the prefixes that GS1 leaves
to them.
"""

from __future__ import annotations

LONGEST_BARCODE = 48
"""What a GS1-128 element string may hold; longer texts are not barcodes."""

GTIN_LENGTHS = frozenset({8, 12, 13, 14})


def check_digit(payload: str) -> int:
    """Return the GS1 check digit that belongs after these ASCII digits."""
    raw = payload.encode("ascii")
    total = 3 * sum(raw[-1::-2]) + sum(raw[-2::-2])
    zeros = 48 * (3 * ((len(raw) + 1) // 2) + len(raw) // 2)
    return -(total - zeros) % 10


def has_right_check_digit(code: str) -> bool:
    """Tell whether ASCII digits of any length from 2 end in their GS1 check digit."""
    raw = code.encode("ascii")
    total = 3 * sum(raw[-2::-2]) + sum(raw[-1::-2])
    count = len(raw)
    return (total - 48 * (3 * (count // 2) + (count + 1) // 2)) % 10 == 0


def is_in_store(code: str) -> bool:
    """Tell whether GS1 leaves this number (of a GTIN's length) to the shop."""
    size = len(code)
    if size == 13:
        return code[0] == "2" or code[:2] in ("02", "04")
    if size == 12:
        return code[0] in "24"
    return size == 8 and code[0] in "02"


def is_wrong(code: str) -> bool:
    """Tell whether a code claims to be a manufacturer's and its check digit denies it."""
    return (
        len(code) in GTIN_LENGTHS
        and code.isdigit()
        and code.isascii()
        and not has_right_check_digit(code)
        and not is_in_store(code)
        and not _is_upc_e(code)
    )


def with_lost_zeros(code: str) -> str:
    """Return a number with the zeros that a spreadsheet took from its front, where proven.

    Seven digits become eight and nine to eleven become twelve when the check digit is right;
    everything else stays as it is. A UPC-A that was written with thirteen digits stays at twelve,
    which scanners read as the same number (see `alternatives`).
    """
    size = len(code)
    if not (size == 7 or 9 <= size <= 11) or not code.isdigit() or not has_right_check_digit(code):
        return code
    return code.zfill(8 if size == 7 else 12)


def alternatives(code: str) -> tuple[str, ...]:
    """Return the other spellings under which a scanner may send the same number, best first."""
    if not (code.isascii() and code.isdigit()):
        return ()
    if _is_upc_e(code):
        short = expand_upc_e(code)
        return (short, "0" + short)
    if len(code) == 12:
        return ("0" + code,)
    if len(code) == 13 and code[0] == "0":
        return (code[1:],)
    return ()


def expand_upc_e(code: str) -> str:
    """Return the UPC-A of an eight-digit UPC-E (number system, six digits, check digit)."""
    system, body, check = code[0], code[1:7], code[7]
    last = body[5]
    if last in "012":
        middle = f"{body[:2]}{last}0000{body[2:5]}"
    elif last == "3":
        middle = f"{body[:3]}00000{body[3:5]}"
    elif last == "4":
        middle = f"{body[:4]}00000{body[4]}"
    else:
        middle = f"{body[:5]}0000{last}"
    return f"{system}{middle}{check}"


def _is_upc_e(code: str) -> bool:
    return len(code) == 8 and code[0] in "01" and has_right_check_digit(expand_upc_e(code))
