"""Children that read a file for this process: what they say of it, and how they die, in words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

from pos_queue.children.errors import ChildError, ChildRefused

from pos_desktop.documents.reasons import FileRefused
from pos_desktop.domain.errors import Unavailable
from pos_desktop.domain.text import _

REFUSED = "pos_desktop.domain.errors:Refused"
"""What such a child raises for people: named, so that it is carried over as it is."""


@contextmanager
def child_faults() -> Iterator[None]:
    """Word what the child says of the file, and the child's own death, for people."""
    try:
        yield
    except ChildRefused as error:
        raise FileRefused.from_data(cast("dict[str, str]", error.data)) from error
    except ChildError as error:
        raise Unavailable(
            _("The file could not be read to its end; what was read before it stays. Try again.")
        ) from error
