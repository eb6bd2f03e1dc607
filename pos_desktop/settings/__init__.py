"""Every setting of the program, declared once: key, type, default, label, help, scope.

The settings screen, `posctl config` and the documents are made from these declarations; a key that
is not declared here does not exist. The declarations stand by topic in the modules of this package.
"""

from __future__ import annotations

from pos_desktop.settings.declaring import (
    Scope,
    Setting,
    every,
    find,
)
from pos_desktop.settings.devices import (
    DISPLAY_ADDRESS,
    DISPLAY_DIALECT,
    DISPLAY_GREETING,
    DISPLAY_SECOND_SCREEN,
    DRAWER_ADDRESS,
    DRAWER_PIN,
    DRAWER_PULSE_MS,
    DRAWER_TRIGGER,
    PRINTER_ADDRESS,
    PRINTER_CODE_PAGE,
    PRINTER_FORMS,
    PRINTER_PAPER_MM,
    SCALE_ADDRESS,
    SCALE_PROTOCOL,
    SCALE_TARE_GRAMS,
    SCALE_WEIGH_ANEW,
    SCANNER_ADDRESS,
    SCANNER_GAP_MS,
    SCANNER_MIN_LENGTH,
    SERIAL_FORMS,
)
from pos_desktop.settings.jobs import (
    QUEUE_ALERT_FAILED,
    QUEUE_ALERT_WAIT_SECONDS,
    QUEUE_IMPORT_ROWS_THRESHOLD,
    QUEUE_KEEP_DAYS,
    QUEUE_WORKERS,
)
from pos_desktop.settings.looks import (
    KEYPAD,
    LANGUAGE,
    SOUND,
    THEME,
    UI_SCALE,
)
from pos_desktop.settings.paper import (
    RECEIPT_FOOTER,
    RECEIPT_HEADER,
)
from pos_desktop.settings.selling import (
    AUTO_LOCK_SECONDS,
    CASH_ROUNDING_CENTS,
    LABEL_PATTERNS,
    MERGE_SAME_PRODUCT,
    REFUND_TENDER,
    SAFE_DROP_CENTS,
    TILL_CODE,
    VOUCHER_DAYS,
)
from pos_desktop.settings.shop import (
    SHOP_ADDRESS,
    SHOP_COUNTRY,
    SHOP_CURRENCY,
    SHOP_DEMO,
    SHOP_KRA_PIN,
    SHOP_NAME,
    SHOP_TIME_ZONE,
    SHOP_TRAINING,
)

__all__ = [
    "AUTO_LOCK_SECONDS",
    "CASH_ROUNDING_CENTS",
    "DISPLAY_ADDRESS",
    "DISPLAY_DIALECT",
    "DISPLAY_GREETING",
    "DISPLAY_SECOND_SCREEN",
    "DRAWER_ADDRESS",
    "DRAWER_PIN",
    "DRAWER_PULSE_MS",
    "DRAWER_TRIGGER",
    "KEYPAD",
    "LABEL_PATTERNS",
    "LANGUAGE",
    "MERGE_SAME_PRODUCT",
    "PRINTER_ADDRESS",
    "PRINTER_CODE_PAGE",
    "PRINTER_FORMS",
    "PRINTER_PAPER_MM",
    "QUEUE_ALERT_FAILED",
    "QUEUE_ALERT_WAIT_SECONDS",
    "QUEUE_IMPORT_ROWS_THRESHOLD",
    "QUEUE_KEEP_DAYS",
    "QUEUE_WORKERS",
    "RECEIPT_FOOTER",
    "RECEIPT_HEADER",
    "REFUND_TENDER",
    "SAFE_DROP_CENTS",
    "SCALE_ADDRESS",
    "SCALE_PROTOCOL",
    "SCALE_TARE_GRAMS",
    "SCALE_WEIGH_ANEW",
    "SCANNER_ADDRESS",
    "SCANNER_GAP_MS",
    "SCANNER_MIN_LENGTH",
    "SERIAL_FORMS",
    "SHOP_ADDRESS",
    "SHOP_COUNTRY",
    "SHOP_CURRENCY",
    "SHOP_DEMO",
    "SHOP_KRA_PIN",
    "SHOP_NAME",
    "SHOP_TIME_ZONE",
    "SHOP_TRAINING",
    "SOUND",
    "THEME",
    "TILL_CODE",
    "UI_SCALE",
    "VOUCHER_DAYS",
    "Scope",
    "Setting",
    "every",
    "find",
]
