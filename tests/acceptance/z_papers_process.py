"""Tells every Z that a shop has on paper, as its printer gets it and as people read it.

    z_papers_process.py DIRECTORY

One JSON list: number of the Z, till code, figures, bytes (in hexadecimal) and lines of its paper.
"""

from __future__ import annotations

import json
import sys
from contextlib import closing
from pathlib import Path

from pos_hardware.document import ReceiptDocument
from pos_hardware.rendering.escpos_bytes import render_escpos
from pos_hardware.rendering.plain import render_text

from pos_desktop.services.printing.table_print_jobs import TablePrintJobs
from pos_desktop.shop import open_shop
from pos_desktop.storage import print_jobs

ZS = (
    "SELECT z.number, z.till_code, z.figures FROM z_report z "
    "JOIN journal j ON j.fact_id = z.id ORDER BY j.seq"
)
PAPERS = "SELECT id FROM print_job WHERE kind = 'z' ORDER BY created_at, id"


def main(directory: Path) -> None:
    """Print the list."""
    found = []
    with closing(open_shop(directory)) as shop:
        profile = shop.print_room._profile()
        jobs = TablePrintJobs(shop.database, shop.clock)
        zs, papers = shop.database.rows(ZS), shop.database.rows(PAPERS)
        for row, paper in zip(zs, papers, strict=True):
            stored = print_jobs.find(shop.database, paper["id"])
            assert stored is not None
            document = ReceiptDocument.from_json(jobs.for_device(stored).content)
            lines = render_text(document, profile.columns).splitlines()
            printed = render_escpos(document, profile).hex()
            found.append({**row, "bytes": printed, "lines": lines})
    print(json.dumps(found))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
