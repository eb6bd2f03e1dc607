"""Words that tell of nobody, though somebody may be called so: Grace is a name, `sale` none."""

from __future__ import annotations

import builtins
import errno
import os
import re
import sys
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from keyword import kwlist

_LOWER = re.compile(r"(?<!\w)[^\W\d_A-Z][^\W\d_]*")
"""A word that begins small: names do not, where a text of the program has one as an example."""
_CATALOGUE = "translations/sw.mo"


@cache
def ordinary_words() -> frozenset[str]:
    """Return the small words of the program's own texts in all languages, and of faults."""
    return frozenset(word.casefold() for text in _texts() for word in _LOWER.findall(text))


def _texts() -> Iterator[str]:
    try:
        yield (files("pos_resources") / _CATALOGUE).read_bytes().decode("utf-8", "replace")
    except (ImportError, OSError):
        yield ""
    yield from (os.strerror(code).lower() for code in errno.errorcode)
    yield " ".join((*kwlist, *dir(builtins), *sys.stdlib_module_names)).lower()
    yield " ".join(sys.modules).lower().replace("_", " ")
