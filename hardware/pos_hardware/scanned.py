"""What a scan says, whatever its scanner puts around it: the one place for all scanners.

Scanners can be set to send the AIM identifier of the symbology first: `]`, a letter for the kind
of code and a modifier, such as `]E0` for EAN-13, `]C1` for GS1-128, `]d2` for a GS1 DataMatrix.
"""

from __future__ import annotations

import re

_AIM = re.compile(r"\][A-Za-z][0-9A-Za-z](?=.)")


def scanned_code(sent: str) -> str:
    """Return the code among what a scanner sent: without control characters and AIM identifier.

    Empty where nothing else came. A code that is no more than an identifier stays as it is.
    """
    printable = "".join(letter for letter in sent if letter.isprintable()).strip()
    return _AIM.sub("", printable, count=1) if printable.startswith("]") else printable
