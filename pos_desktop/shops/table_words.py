"""What stands in a table of the shop's file, as people of a shop call it."""

from __future__ import annotations

from pos_desktop.domain.text import _


def table_words(table: str) -> str:
    """Return what stands in a table, in words; `other things` for one that nobody knows."""
    return _words().get(table) or _("other things")


def _words() -> dict[str, str]:
    return {**_of_selling(), **_of_goods(), **_of_people(), **_of_the_till(), **_of_mpesa()}


def _of_selling() -> dict[str, str]:
    return {
        "sale": _("sales"),
        "sale_line": _("goods of sales"),
        "tender": _("payments"),
        "cart": _("open sales"),
        "voucher": _("vouchers"),
        "voucher_entry": _("vouchers"),
        "shift": _("shifts"),
        "shift_close": _("shifts"),
        "cash_move": _("the drawer's cash"),
        "z_report": _("Z reports"),
    }


def _of_goods() -> dict[str, str]:
    prices = ("price_change", "price_run", "price_run_change")
    return {
        "product": _("goods"),
        "barcode": _("barcodes"),
        "picture": _("pictures"),
        "tax_rate": _("tax rates"),
        "supplier": _("suppliers"),
        "goods_receipt": _("deliveries"),
        "import_run": _("imports"),
        "import_change": _("imports"),
        **dict.fromkeys(prices, _("price changes")),
        **_of_stock(),
    }


def _of_stock() -> dict[str, str]:
    kept = ("stock_move", "stock_level", "stock_adjustment")
    takes = ("stock_take", "stock_count", "stock_take_end", "stock_take_line", "stock_take_part")
    return dict.fromkeys((*kept, *takes), _("goods in stock"))


def _of_people() -> dict[str, str]:
    mails = ("mail", "mail_template", "mail_refusal", "mail_recipient", "contact")
    accounts = ("account_entry", "account_payment")
    return {
        "staff": _("the staff"),
        "role": _("roles"),
        "customer": _("customers"),
        **dict.fromkeys(accounts, _("customers' accounts")),
        **dict.fromkeys(mails, _("mail")),
    }


def _of_the_till() -> dict[str, str]:
    return {
        "fact": _("the journal"),
        "journal": _("the journal"),
        "counter": _("running numbers"),
        "node": _("the till's name"),
        "setting": _("settings"),
        "print_job": _("papers to print"),
        "device_memory": _("devices"),
        "export": _("files"),
    }


def _of_mpesa() -> dict[str, str]:
    asked = ("mpesa_request", "mpesa_attempt", "mpesa_wait", "mpesa_event")
    came = ("mpesa_report", "mpesa_claim", "mpesa_money")
    return dict.fromkeys((*asked, *came), _("M-Pesa payments"))
