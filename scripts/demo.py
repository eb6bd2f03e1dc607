"""Opens the till on a demo shop; where there is no screen, plays a whole demo day instead.

What the day leaves lies in build/demo: receipts and screens as pictures, reports, exported files,
mails, the list of rejected rows, and what the till answered.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

from pos_desktop.documents.document import nothing_told
from pos_desktop.domain.export import ExportWish, FileForm
from pos_desktop.domain.goods import Delivery, GoodsLine
from pos_desktop.domain.product import ProductChoice
from pos_desktop.domain.supplier import SupplierForm
from pos_desktop.services.people.customers import Particulars
from pos_desktop.services.reports.report_kinds import REPORTS
from pos_desktop.shop import Shop, open_shop
from scripts import demo_mpesa
from scripts.demo_office import Office, office_of

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "build" / "demo"
SHOP = OUT / "shop"
BIN = Path(sys.executable).parent
WINDOW = [sys.executable, "-m", "scripts.demo_window"]
"""The program that sells at the window."""
DAY = ("2026-11-24", "2026-11-25")
PERIOD = ("--from", DAY[0], "--to", DAY[1])
SUPPLIER = """\
Our new goods,,,,
Code,EAN,Description,Selling price,Tax
N001,6161990000501,Peanut butter 400 g,"KES 340.00",B
N002,6161990000518,Honey 500 g,"1,150.00",B
N003,6161990000524,Wrong check digit,90.00,B
N004,,Negative price,-5.00,B
N005,,,20.00,B
"""

AFTERNOON = """\
at 2026-11-24T14:00:00
login cashier 1111
shift open 2000
# a customer buys on account, goes over what may be owed, and pays some of it back
customer {customer}
2*P004
pay credit
customer {customer}
P004
pay credit
pay cash 600
customer {customer}
settle 400
# the voucher of this morning pays, with a little cash
P004
pay voucher {voucher}
pay cash
shift close 2940
logout
"""
EVENING = """\
login manager 1234
at 2026-11-24T20:00:00
z
"""


def main() -> int:
    """Open the window, or play the day."""
    if has_screen():
        command: list[str | Path] = [BIN / "pos-desktop", "--demo", *sys.argv[1:]]
        return subprocess.run(command, check=False).returncode
    print("There is no screen here, so a demo day is played instead.")
    return play()


def play() -> int:
    """Play the day into an empty folder; 0 where its books and its mails are in order."""
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir(parents=True)
    posctl("init", "--demo")
    with office_of(SHOP, OUT / "mails") as office:
        play_day(office)
        return show_summary(office)


def play_day(office: Office) -> None:
    """Play the day at the till; the office imports, exports and mails beside it."""
    office.set_up_mail()
    import_goods(office)
    receive_goods()
    play_morning()
    play_afternoon()
    play_mpesa()
    office.mail_receipt("achieng@example.com")
    office.lose_network()
    sell_at_the_window()
    close_the_day()
    office.export_files(OUT / "exports", *DAY)
    office.regain_network()


def has_screen() -> bool:
    """Tell whether a window can be opened: by opening the connection, not by a variable alone."""
    if os.environ.get("QT_QPA_PLATFORM") == "offscreen":
        return False
    if sys.platform.startswith("linux") and not (
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    ):
        return False
    probe = "from PySide6.QtGui import QGuiApplication; QGuiApplication([])"
    command = [sys.executable, "-c", probe]
    try:
        return subprocess.run(command, check=False, capture_output=True, timeout=20).returncode == 0
    except subprocess.TimeoutExpired:
        return False


def posctl(*arguments: str, typed: str | None = None) -> str:
    """Run posctl on the demo shop and return what it prints; end the demo where it fails."""
    done = subprocess.run(
        [BIN / "posctl", *arguments, "--data", SHOP],
        check=False,
        capture_output=True,
        text=True,
        input=typed,
        timeout=300,
    )
    if done.returncode:
        sys.exit(f"posctl {' '.join(arguments)} failed: {done.stderr.strip()}")
    return done.stdout


def answer(*arguments: str) -> Any:
    """Run posctl with --json and return its document."""
    return json.loads(posctl(*arguments, "--json"))


def import_goods(office: Office) -> None:
    """Import a supplier's sheet that is not quite clean."""
    sheet = OUT / "supplier.csv"
    sheet.write_text(SUPPLIER, encoding="utf-8")
    office.import_list(sheet, OUT / "rejected.xlsx")


def play_morning() -> None:
    """Play the cashier's morning line by line."""
    with as_file(files("pos_resources.sample") / "day.txt") as day:
        (OUT / "morning.txt").write_text(posctl("play", str(day)), encoding="utf-8")


@contextmanager
def demo_shop_at(hour: int) -> Iterator[Shop]:
    """Open the demo shop at an hour of its day, for what no line of a play can say."""
    shop = open_shop(SHOP)
    try:
        shop.clock.set(datetime(2026, 11, 24, hour, tzinfo=shop.configuration.zone))
        yield shop
    finally:
        shop.close()


def receive_goods() -> None:
    """Take a supplier's milk into stock before the shop opens."""
    with demo_shop_at(7) as shop:
        goods = shop.goods
        form = SupplierForm(name="Brookside Dairy", contact="Kamau", phone="0712345678")
        supplier = goods.suppliers.add(form, actor=None)
        cards = goods.products.listed(ProductChoice(text="milk"), 2)
        lines = tuple(
            GoodsLine(product_id=card.id, quantity=24_000, cost_cents=55_50) for card in cards
        )
        delivery = Delivery(lines=lines, supplier_id=supplier.id, document="INV-2026-0041")
        goods.receiving.receive(delivery, actor=None)
    print(f"received: {len(lines)} products from {form.name}, invoice {delivery.document}")


def play_afternoon() -> None:
    """Play a customer who buys on account, and a voucher that comes back."""
    with demo_shop_at(13) as shop:
        achieng = Particulars(name="Achieng Otieno", phone="0722000111")
        customer = shop.customers.add(achieng, actor=None)
        shop.customers.set_limit(customer, 1500_00, actor=None)
        voucher = shop.reader.value("SELECT code FROM voucher")
    typed = AFTERNOON.format(customer=customer.code, voucher=voucher)
    (OUT / "afternoon.txt").write_text(posctl("play", "-", typed=typed), encoding="utf-8")


def play_mpesa() -> None:
    """Play three customers of M-Pesa, and read its list afterwards."""
    with demo_mpesa.simulated(SHOP) as simulator:
        typed = demo_mpesa.LINES.format(code=demo_mpesa.pay_by_hand(simulator))
        (OUT / "mpesa.txt").write_text(posctl("play", "-", typed=typed), encoding="utf-8")
        posctl("mpesa", "pull")


def sell_at_the_window() -> None:
    """Sell in the real window, offscreen, and take pictures of it."""
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    command: list[str | Path] = [*WINDOW, SHOP, OUT / "screens"]
    subprocess.run(command, check=True, cwd=ROOT, env=environment, timeout=120)


def close_the_day() -> None:
    """Close the day with a Z, and write the reports and the papers."""
    said = posctl("play", "-", "--strict", typed=EVENING)
    (OUT / "evening.txt").write_text(said, encoding="utf-8")
    write_reports()
    receipts = OUT / "receipts"
    receipts.mkdir()
    for picture in printed_pictures():
        shutil.copy(picture, receipts)


def write_reports() -> None:
    """Write every report of the day as CSV, as `posctl report` would."""
    folder = OUT / "reports"
    folder.mkdir()
    with demo_shop_at(20) as shop:
        for name in REPORTS:
            wish = ExportWish(what=name, form=FileForm.CSV, first=DAY[0], end=DAY[1])
            shop.exports.write(wish, folder / f"{name}.csv", tell=nothing_told, actor=None)


def printed_pictures() -> list[Path]:
    """Return the pictures of papers; where only the drawer was opened, nothing stands on one."""
    return [
        told.with_suffix(".png")
        for told in sorted((SHOP / "prints").glob("*.txt"))
        if re.sub(r"\[drawer opens, pin \d\]", "", told.read_text("utf-8")).strip()
    ]


def show_summary(office: Office) -> int:
    """Say what the day brought, and whether its books and its mails are in order."""
    sums = answer("report", "sales-summary", *PERIOD)
    gross = sums["gross_cents"] / 100
    print(f"sales: {sums['sales']}, refunds: {sums['refunds']}, gross KES {gross:,.2f}")
    for tender in sums["tenders"]:
        print(f"  {tender['tender']}: {tender['count']} payments")
    print(*office.summary(), sep="\n")
    left = answer("mpesa", "unmatched")
    owed = left["amount_cents"] / 100
    print(f"M-Pesa: {left['count']} payment is left to settle, KES {owed:,.2f}")
    checks = answer("verify")
    print(f"books in order: {'yes' if checks['ok'] else 'NO'} ({len(checks['checks'])} checks)")
    pictures = len(list((OUT / "receipts").iterdir())), len(list((OUT / "screens").iterdir()))
    print(f"{pictures[0]} papers and {pictures[1]} screens lie in {OUT}")
    return 0 if checks["ok"] and office.is_each_once else 1


if __name__ == "__main__":
    sys.exit(main())
