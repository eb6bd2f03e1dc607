"""What the shop knows of a person, written into a file that is given to the person."""

from __future__ import annotations

import json
import os
from datetime import datetime
from pathlib import Path

from pos_desktop.domain.customer import Customer
from pos_desktop.domain.errors import Unavailable
from pos_desktop.domain.text import _
from pos_desktop.services.people.customers import Customers
from pos_desktop.services.people.sign_in import Person


def write_personal_data(
    customers: Customers,
    customer: Customer,
    folder: Path,
    *,
    moment: datetime,
    mode: int,
    actor: Person | None,
) -> Path:
    """Write all that is known of a customer into a new JSON file of a folder; return its path.

    Amounts are integers of cents, quantities decimal text, moments UTC. Raises
    NeedsApproval, and Unavailable where the folder takes no file.
    """
    known = customers.export(customer, actor=actor)
    text = json.dumps(known, ensure_ascii=False, indent=2) + "\n"
    path = folder / f"{_beginning(customer)}{moment:%Y%m%d-%H%M%S}.json"
    try:
        with open(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, mode), "wb") as file:  # noqa: PTH123 - a file of ours alone from its first byte on
            file.write(text.encode("utf-8", "backslashreplace"))
    except OSError as error:
        raise Unavailable(
            _("{path} cannot be written ({why}); free some room or ask your technician.").format(
                path=path, why=error.strerror
            )
        ) from error
    return path


def erase_person(
    customers: Customers, customer: Customer, folder: Path, *, actor: Person | None
) -> None:
    """Forget a person, in the shop's file and in what was written of them into a folder.

    Raises what `Customers.erase` raises, and Unavailable where such a file cannot be removed.
    """
    customers.erase(customer, actor=actor)
    for path in folder.glob(f"{_beginning(customer)}*.json"):
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise Unavailable(
                _("{path} cannot be removed ({why}); remove it by hand.").format(
                    path=path, why=error.strerror
                )
            ) from error


def _beginning(customer: Customer) -> str:
    return f"customer-{customer.code}-"
