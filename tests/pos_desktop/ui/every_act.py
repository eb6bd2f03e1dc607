"""Every act of every screen: how it is done, and why none takes two seconds past the queue.

An act is done on the screen at once, or leaves the screen's thread at a place of WORK. There stands
how: by a job of the queue; on the database lane, where what it costs has a bound; beside the lane,
where it is counted how much that may be; or while a device or a disk is waited for, within a limit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

LONGEST_SECONDS = 2.0


class Bound(Enum):
    """Why work on the lane is short, in a shop of 100,000 products and a year of sales."""

    ONE = "one row, one person, one product with its history, or one sale with its lines"
    FEW = "what a shop has few of: people, roles, suppliers, categories, tax bands, takes, runs"
    PAGE = "a page of a list, by an index or a sort of the catalogue (0.1 s at 100,000)"
    CATALOGUE = "the whole catalogue read once into lines (0.6 s at 100,000)"
    COPY = "the catalogue copied by the file itself, and its stock (1.8 s at 100,000)"
    DAY = "the sums of one shift or one business day"
    FILES = "the files of one person in the folder of exports"
    CUSTOMERS = "the customers, looked through once by the file itself (0.1 s at 100,000)"
    MAILING = "what became of one mail for all its recipients (0.8 s at 100,000)"


@dataclass(frozen=True, slots=True)
class Lane:
    """On the database lane: nothing else of the till is written meanwhile."""

    bound: Bound
    most: str = ""
    """The constant ("module:NAME") that says how many at most, where one does."""


@dataclass(frozen=True, slots=True)
class Job:
    """Left to a job of the queue: the click writes one row down, and is answered."""

    name: str


@dataclass(frozen=True, slots=True)
class Beside:
    """Beside the lane, at most so many at so many a second: what is more is left to a job."""

    most: str
    """The constant ("module:NAME"), or setting, that says how many."""
    a_second: int
    """How many a second were done on two busy cores beside a till that sells."""


@dataclass(frozen=True, slots=True)
class Looks:
    """Beside the lane: only looks, a step at a time, and ends where Esc is pressed.

    It may take longer than two seconds; nothing waits for it and nothing is lost by its end.
    """

    why: str
    left_by: str
    """What in the source ends it ("module:function")."""


@dataclass(frozen=True, slots=True)
class Reads:
    """Beside the lane: reads all that there is of something, in one go; nothing waits for it."""

    seconds: float
    """Measured at the most that a shop has of it."""
    what: str


@dataclass(frozen=True, slots=True)
class Lots:
    """Beside the lane: writes all that there is of something in lots, between which others do."""

    seconds: float
    """Measured at the most that a shop has of it."""
    what: str


@dataclass(frozen=True, slots=True)
class Waits:
    """Waits for a device, a disk or a network, within a limit; nothing is computed meanwhile."""

    what: str


How = Lane | Job | Beside | Looks | Reads | Lots | Waits

_TO_FEW = Lane(Bound.FEW, "pos_desktop.services.mail.file_mail:MOST_PEOPLE")
_ONE, _FEW, _DAY = Lane(Bound.ONE), Lane(Bound.FEW), Lane(Bound.DAY)
_TRAY = Lane(Bound.PAGE, "pos_desktop.services.mpesa.tray.tray:MOST")
_PRICES = Beside("pos_desktop.services.background.pacing:MOST_AT_ONCE", 2_000)
_ROWS = Beside("pos_desktop.settings:QUEUE_IMPORT_ROWS_THRESHOLD", 2_000)
_CATALOGUE = "pos_desktop.ui.screens.catalogue"
_STOCK = "pos_desktop.ui.screens.stock"
_FILE = Waits("a stick or a folder of the network is read: as long as that takes; Esc leaves it")
_EVERYBODY = Reads(
    1.0,
    "an audience is chosen by a name among 100,000 customers; twice that on a busy machine",
)
_DOCTOR = Waits("devices, disks and servers, each within a limit; Esc leaves it")
_DEVICES = Waits("the system's devices and the network, four seconds at most; Esc leaves it")
_BACKUPS = Waits("sticks and folders of the network; nothing waits for them, and Esc leaves them")
_ALONG = Waits("what goes along is read from where it lies: mail.largest_mb of it at most")

WORK: Mapping[str, tuple[How, ...]] = {
    # the catalogue
    "screens/catalogue/catalogue_page:CataloguePage._read": (
        Lane(Bound.PAGE, f"{_CATALOGUE}.catalogue_page:PAGE"),
    ),
    "screens/catalogue/catalogue_page:CataloguePage.scanned": (_ONE,),
    "screens/catalogue/catalogue_page:CataloguePage.look_at": (_ONE,),
    "screens/catalogue/catalogue_page:CataloguePage._with_offered": (_FEW,),
    "screens/catalogue/catalogue_page:CataloguePage._write": (_ONE,),
    "screens/catalogue/catalogue_page:CataloguePage._remove": (_ONE,),
    # products from files
    "screens/catalogue/column_step:ColumnStep._read": (
        Beside("pos_desktop.settings:QUEUE_IMPORT_ROWS_THRESHOLD", 500),
        _FILE,
    ),
    "screens/catalogue/file_step:FileStep.open": (_FILE,),
    "screens/catalogue/past_imports:PastImports.read": (_FEW,),
    "screens/catalogue/past_imports:PastImports._undo": (_PRICES, Job("undo_import")),
    "screens/catalogue/import_page:ImportPage._run": (
        _ROWS,
        Looks(
            "a dry run of a long file: read by a child, counted row by row",
            "screens/catalogue/import_page:ImportPage._progress",
        ),
    ),
    "screens/catalogue/import_page:ImportPage._import": (_FILE, Job("import_products")),
    "screens/catalogue/error_lists:ErrorLists._leave": (_FILE, Job("list_import_errors")),
    "screens/catalogue/error_lists:ErrorLists._copy": (
        _ROWS,
        Waits("the workbook that the job has made is copied to where it is wanted"),
    ),
    "screens/catalogue/past_errors:PastErrorsView._look": (
        Lane(Bound.PAGE, "pos_desktop.services.imports.import_errors:SHOWN_ERRORS"),
    ),
    "screens/catalogue/import_page:ImportPage._end_job": (_ONE,),
    # changes of many prices
    "screens/catalogue/prices_page:PricesPage.refresh": (_FEW,),
    "screens/catalogue/prices_page:PricesPage._undo": (_PRICES, Job("take_prices_back")),
    "screens/catalogue/prices_page:PricesPage._ask_rule": (_FEW,),
    "screens/catalogue/prices_page:PricesPage._look": (
        Looks(
            "a preview of the catalogue, a page at a time: 1.4 s of work at 100,000 products, the "
            "screen kept waiting for 15 ms at most",
            "screens/catalogue/prices_page:PricesPage._look",
        ),
    ),
    "screens/catalogue/prices_page:PricesPage._apply": (_PRICES,),
    "screens/catalogue/prices_page:PricesPage._leave_to_job": (Job("change_prices"),),
    # reports and files
    "screens/exports/exports_page:ExportsPage.refresh": (
        Lane(Bound.PAGE, "pos_desktop.ui.screens.exports.exports_page:MOST"),
    ),
    "screens/exports/exports_page:ExportsPage._leave": (_ONE, Job("export_file")),
    "screens/exports/exports_page:ExportsPage._again": (_ONE, Job("export_file")),
    "screens/exports/exports_page:ExportsPage._open": (_ONE,),
    "screens/exports/exports_page:ExportsPage._copy": (
        Waits("a file is copied, to a stick for instance: as long as that takes; Esc leaves it"),
    ),
    "screens/exports/exports_page:ExportsPage._ask_mail": (_FEW,),
    "screens/exports/exports_page:ExportsPage._mail": (_TO_FEW, Job("prepare_mail")),
    "screens/exports/exports_page:ExportsPage._remove": (_ONE,),
    "screens/reports/reports_page:ReportsPage._read": (
        Looks(
            "a report of a year and the year before, month by month: 0.6 s at 84,000 sales; the "
            "sales behind a row, 200 at most; the picture of one receipt",
            "screens/reports/reports_page:ReportsPage._read",
        ),
    ),
    "screens/reports/reports_page:ReportsPage._ask_filters": (_FEW, Lane(Bound.CATALOGUE)),
    "screens/reports/sending:ReportSending.ask_people": (_FEW,),
    "screens/reports/sending:ReportSending._export": (_ONE, Job("export_file")),
    "screens/reports/sending:ReportSending._mail": (_TO_FEW, Job("prepare_mail")),
    # mail, and what comes by itself
    "screens/mail/mail_page:MailPage.refresh": (
        Reads(1.5, "the fates of six mailings to 100,000 are counted; nothing waits for it"),
    ),
    "screens/mail/mail_page:MailPage._look_at": (
        Lane(Bound.MAILING, "pos_desktop.ui.screens.mail.mail_page:_MORE"),
    ),
    "screens/mail/mail_page:MailPage._stop": (
        Lots(0.8, "100,000 who wait for a mail are left out"),
    ),
    "screens/mail/mail_page:MailPage._act": (
        _ONE,
        Lane(Bound.MAILING),
        Job("send_mail"),
        Job("send_mailing"),
        Job("prepare_mail"),
    ),
    "screens/mail/refusal_page:RefusalPage._refuse_mail": (Lane(Bound.CUSTOMERS),),
    "screens/mail/refusal_page:RefusalPage._allow": (_ONE,),
    "screens/office/setup_page:SetupPage.write": (_FEW,),
    "screens/office/setup_page:SetupPage.go_all_the_way": (
        Waits("the server, within the limits of each of its answers; Esc leaves it"),
    ),
    "screens/mail/mail_setup_page:MailSetupPage.begin": (_ONE,),
    "screens/mail/mail_setup_page:MailSetupPage._forget_password": (_ONE,),
    "screens/mpesa/mpesa_setup_page:MpesaSetupPage.begin": (_ONE,),
    "screens/licence/subscription_page:SubscriptionPage.refresh": (_FEW,),
    "screens/licence/subscription_page:SubscriptionPage._pay": (
        _ONE,
        Job("attempt_subscription_activation"),
    ),
    "screens/licence/subscription_page:SubscriptionPage._again": (
        _ONE,
        Job("attempt_subscription_activation"),
    ),
    # backups
    "screens/backups/backups_page:BackupsPage.refresh": (_FEW,),
    "screens/backups/backup_looks:BackupLooks.look": (_BACKUPS,),
    "screens/backups/backup_looks:BackupLooks._read_to_end": (_BACKUPS,),
    "screens/backups/backups_page:BackupsPage._make": (Job("backup_shop"),),
    "screens/backups/backups_page:BackupsPage._check": (Job("check_backup"),),
    "screens/backups/backups_page:BackupsPage._save": (_FEW,),
    "screens/devices/devices_page:DevicesPage.refresh": (_FEW,),
    "screens/devices/devices_page:DevicesPage._look_around": (_DEVICES,),
    "screens/devices/devices_page:DevicesPage._look_widely": (_DEVICES,),
    "screens/devices/devices_page:DevicesPage._look_again": (_ONE,),
    "screens/devices/devices_page:DevicesPage._try": (_ONE,),
    "screens/devices/devices_page:DevicesPage._save": (_FEW,),
    "screens/devices/trial_watch:TrialWatch.look": (_ONE,),
    "screens/doctor/doctor_page:DoctorPage.refresh": (_DOCTOR,),
    "screens/doctor/doctor_page:DoctorPage._save": (_DOCTOR,),
    "screens/office/menu_page:MenuPage._say_line": (_FEW,),
    "screens/office/menu_page:MenuPage._count": (_FEW,),
    "screens/mpesa/tray_page:TrayPage.refresh": (_TRAY,),
    "screens/mpesa/tray_page:TrayPage._look_at": (_ONE,),
    "screens/mpesa/tray_page:TrayPage._ask_target": (_FEW,),
    "screens/mpesa/tray_page:TrayPage._read_list": (_ONE, Job("pull_mpesa")),
    "screens/mpesa/tray_page:TrayPage._import": (_FILE, Job("import_mpesa_statement")),
    "screens/mpesa/tray_page:TrayPage._last_statement": (_ONE,),
    "screens/mpesa/tray_page:TrayPage._settle": (
        _ONE,
        Waits("the relay, where tills share a number, within the limits of its answers"),
        Job("reverse_mpesa"),
    ),
    "shell/licence_line:LicenceLine.look": (_FEW,),
    "shell/settings_watch:SettingsWatch.look": (_FEW,),
    "shell/room_line:RoomLine.look": (Waits("the shop's disk"),),
    "screens/mail/write_page:WritePage._count": (_EVERYBODY,),
    "screens/mail/write_page:WritePage._attach": (_ALONG,),
    "screens/mail/write_page:WritePage._ask_template": (_FEW,),
    "screens/mail/write_page:WritePage._preview": (_EVERYBODY,),
    "screens/mail/write_page:WritePage._test": (
        _EVERYBODY,
        _ALONG,
        Job("send_mail"),
        Job("prepare_mail"),
    ),
    "screens/mail/write_page:WritePage._leave_to_queue": (
        Lane(Bound.FEW, "pos_desktop.services.mail.mail_addresses:_FEW"),
        _ALONG,
        Job("prepare_mail"),
        Job("send_mail"),
        Job("send_mailing"),
    ),
    "screens/schedules/schedules_page:SchedulesPage.refresh": (_FEW,),
    "screens/schedules/schedules_page:SchedulesPage._save": (_FEW,),
    "screens/schedules/schedules_page:SchedulesPage._run": (
        _ONE,
        Job("mail_day"),
        Job("mail_week"),
        Job("mail_low_stock"),
        Job("mail_failures"),
        Job("backup_shop"),
        Job("prune_jobs"),
    ),
    # the first run
    "screens/first_run/first_run:FirstRun._goods_answered": (Lane(Bound.FEW),),
    "screens/first_run/first_run:FirstRun._look_for_printers": (Waits("the system's devices"),),
    "screens/first_run/first_run:FirstRun._test": (Waits("the printer"),),
    "screens/first_run/first_run:FirstRun._print_key": (Waits("the printer"),),
    # a shop that does not open, or comes back: no queue is there, and nothing else to be done
    "screens/first_run/steps_window:StepsWindow.work": (Waits("the shop's disk"),),
    "screens/first_run/steps_window:StepsWindow.look": (
        Waits("a stick or a folder of the network; nothing waits for it"),
    ),
    # jobs
    "screens/jobs/jobs_flow:JobsFlow._ask_page": (
        Lane(Bound.PAGE, "pos_desktop.ui.screens.jobs.jobs_flow:MORE"),
    ),
    "screens/jobs/jobs_flow:JobsFlow.refresh": (
        Lane(Bound.PAGE, "pos_desktop.ui.screens.jobs.jobs_flow:MORE"),
    ),
    "screens/jobs/jobs_flow:JobsFlow._count": (_FEW,),
    "screens/jobs/jobs_flow:JobsFlow._act": (_ONE,),
    # customers, people, roles, the receipt, training
    "screens/office/customers_page:CustomersPage.refresh": (
        Lane(Bound.PAGE, "pos_desktop.ui.screens.office.customers_page:MOST_LISTED"),
    ),
    "screens/office/customers_page:CustomersPage._look_at": (
        Lane(Bound.ONE, "pos_desktop.ui.screens.office.customers_page:MOST_ENTRIES"),
    ),
    "screens/office/customers_page:CustomersPage._write": (_ONE,),
    "screens/office/customers_page:CustomersPage._export": (_ONE,),
    "screens/office/customers_page:CustomersPage._ask_erasing": (_ONE,),
    "screens/office/customers_page:CustomersPage._erase": (_ONE, Lane(Bound.FILES)),
    "screens/office/job_watch:JobWatch._look": (_ONE,),
    "screens/office/layout_page:LayoutPage.opened": (_ONE,),
    "screens/office/layout_page:LayoutPage._ask_preview": (_ONE,),
    "screens/office/layout_page:LayoutPage._keep": (_ONE,),
    "screens/office/records_page:RecordsPage.refresh": (_FEW,),
    "screens/office/records_page:RecordsPage._save": (_FEW,),
    "screens/office/records_page:RecordsPage._remove": (_ONE,),
    "screens/office/roles_page:RolesPage.refresh": (_FEW,),
    "screens/office/roles_page:RolesPage._put": (_ONE,),
    "screens/office/roles_page:RolesPage._restore": (_ONE,),
    "screens/office/staff_page:StaffPage.refresh": (_FEW,),
    "screens/office/staff_page:StaffPage._add": (_FEW,),
    "screens/office/staff_page:StaffPage._save_new": (_ONE,),
    "screens/office/staff_page:StaffPage._change": (_FEW,),
    "screens/office/staff_page:StaffPage._save": (_ONE,),
    "screens/office/staff_page:StaffPage._save_pin": (_ONE,),
    "screens/office/staff_page:StaffPage._let_go": (_ONE,),
    "screens/office/staff_page:StaffPage._take_back": (_ONE,),
    "screens/office/training_page:TrainingPage._begin": (Lane(Bound.COPY),),
    # papers
    "screens/papers/papers_flow:PapersFlow.show": (
        Lane(Bound.PAGE, "pos_desktop.services.printing.unsettled_prints:MOST_LISTED"),
    ),
    "screens/papers/papers_flow:PapersFlow.refresh": (
        Lane(Bound.PAGE, "pos_desktop.services.printing.unsettled_prints:MOST_LISTED"),
    ),
    "screens/papers/papers_flow:PapersFlow._act": (_ONE,),
    # selling
    "screens/sell/counter:Counter.start": (_ONE,),
    "screens/sell/counter:Counter.add_item": (_ONE,),
    "screens/sell/counter:Counter.select": (_ONE,),
    "screens/sell/counter:Counter.give_back": (_ONE,),
    "screens/sell/counter:Counter.take_todays_prices": (_ONE,),
    "screens/sell/counter:Counter.reprint": (_ONE,),
    "screens/sell/counter:Counter.lock": (_ONE,),
    "screens/sell/counter:Counter.look_for_shift": (_ONE,),
    "screens/sell/counter:Counter.learn": (_ONE,),  # what is learned stands at who asks
    "screens/sell/counter:Counter.look": (_ONE,),
    "screens/sell/customer_flow:CustomerFlow._take": (_ONE,),
    "screens/sell/customer_flow:CustomerFlow._add": (_ONE,),
    "screens/sell/customer_flow:CustomerFlow._pay_on_account": (_ONE,),
    "screens/sell/mail_flow:MailFlow.show": (_ONE,),
    "screens/sell/mail_flow:MailFlow._look_up": (_ONE,),
    "screens/sell/mail_flow:MailFlow._submit": (_ONE, Job("prepare_mail")),
    "screens/sell/mpesa_flow:MpesaFlow.open": (_ONE,),
    "screens/sell/mpesa_flow:MpesaFlow._show_code": (
        Waits("M-Pesa, within the limits of its call; scans and other tenders go on"),
    ),
    "screens/sell/mpesa_look_up:CodeLookUp.look_up": (
        Waits("M-Pesa's list, four seconds at most; then the code is taken at its word"),
    ),
    "screens/sell/mpesa_flow:MpesaFlow._pick": (
        Waits("the relay, where tills share a number; scans and other tenders go on"),
        _ONE,
    ),
    "screens/sell/mpesa_flow:MpesaFlow._end": (_ONE,),
    "screens/sell/mpesa_flow:MpesaFlow._ask": (
        Waits("M-Pesa, within the limits of its call; scans and other tenders go on"),
        _ONE,
    ),
    "screens/sell/new_item_flow:NewItemFlow._open": (_FEW,),
    "screens/sell/recorder:Recorder.record": (_ONE,),
    "screens/sell/recorder:Recorder._bring_back": (_ONE,),
    "screens/sell/return_flow:ReturnFlow._show": (
        Lane(Bound.PAGE, "pos_desktop.ui.screens.sell.return_flow:_MOST_LISTED"),
    ),
    "screens/sell/return_flow:ReturnFlow.open": (_ONE,),
    "screens/sell/return_flow:ReturnFlow._take": (_ONE,),
    "screens/sell/return_flow:ReturnFlow._take_loose": (_ONE,),
    "screens/sell/shift_flow:ShiftFlow.show": (_DAY,),
    "screens/sell/shift_flow:ShiftFlow._print_x": (_DAY,),
    "screens/sell/shift_flow:ShiftFlow._move_cash": (_ONE,),
    "screens/sell/shift_flow:ShiftFlow._open_drawer": (_ONE,),
    "screens/sell/shift_flow:ShiftFlow._close_shift": (_DAY,),
    "screens/sell/shift_flow:ShiftFlow._close": (_DAY,),
    "screens/sell/shift_flow:ShiftFlow._note_recount": (_ONE,),
    "screens/sell/shift_flow:ShiftFlow._ask_day": (_DAY,),
    "screens/sell/shift_flow:ShiftFlow._close_day": (
        Lane(Bound.DAY, "pos_desktop.storage.stretch:MOST_ENTRIES"),
        Job("check_books"),
    ),
    "screens/sell/tender_flow:TenderFlow._sell_voucher": (_ONE,),
    "screens/sell/turns:Turns._send": (_ONE,),
    # stock
    "screens/stock/correct_page:CorrectPage._write": (_ONE,),
    "screens/stock/correct_page:CorrectPage._show_before": (
        Lane(Bound.PAGE, f"{_STOCK}.correct_page:_MOST_LISTED"),
    ),
    "screens/stock/gather_page:GatherPage.refresh": (
        Lane(Bound.PAGE, f"{_STOCK}.gather_page:_MOST_FOUND"),
    ),
    "screens/stock/gather_page:GatherPage._take_code": (_ONE,),
    "screens/stock/gather_page:GatherPage._enter": (_ONE,),
    "screens/stock/gather_page:GatherPage._open_new_item": (_FEW,),
    "screens/stock/gather_page:GatherPage._save_new_item": (_ONE,),
    "screens/stock/labels_page:LabelsPage._take_repriced": (
        Lane(Bound.PAGE, "pos_desktop.services.products.label_printing:MOST_LABELS"),
    ),
    "screens/stock/labels_page:LabelsPage._finish": (_ONE,),
    "screens/stock/labels_page:LabelsPage._write": (
        Beside("pos_desktop.services.products.label_jobs:MOST_AT_ONCE", 140),
    ),
    "screens/stock/labels_page:LabelsPage._leave": (Job("draw_labels"),),
    "screens/stock/labels_page:LabelsPage._print": (
        Lane(Bound.ONE, "pos_desktop.services.products.label_printing:MOST_SLIPS"),
    ),
    "screens/stock/low_page:LowPage.refresh": (Lane(Bound.PAGE, f"{_STOCK}.low_page:MOST"),),
    "screens/stock/low_page:LowPage._print": (Lane(Bound.PAGE, f"{_STOCK}.low_page:MOST"),),
    "screens/stock/receive_page:ReceivePage._ask_head": (_FEW,),
    "screens/stock/receive_page:ReceivePage._finish": (_ONE,),
    "screens/stock/receive_page:ReceivePage._show_before": (_FEW,),
    "screens/stock/receive_page:ReceivePage._show_moves": (_ONE,),
    "screens/stock/take_page:TakePage._show_takes": (_FEW,),
    "screens/stock/take_page:TakePage._begin": (_FEW,),
    "screens/stock/take_page:TakePage._save_new": (_ONE,),
    "screens/stock/take_page:TakePage._open": (Lane(Bound.CATALOGUE),),
    "screens/stock/take_page:TakePage._count": (_ONE,),
    "screens/stock/take_page:TakePage._uncount": (_ONE,),
    "screens/stock/take_page:TakePage._turn": (Lane(Bound.CATALOGUE),),
    "screens/stock/take_page:TakePage._end": (
        Lane(Bound.CATALOGUE, "pos_desktop.services.background.pacing:MOST_AT_ONCE"),
        Job("end_take"),
    ),
    "screens/stock/take_page:TakePage._cancel": (_ONE,),
    # the window
    "shell/kiosk:Kiosk.may_close": (_ONE,),
    "shell/leaving:Leaving._wait": (_ONE,),
    "shell/window:Window.start": (_FEW,),
    "shell/window:Window._choose_language": (_ONE,),
    "shell/window:Window._keep": (_ONE,),
    "shell/window:Window._sign_in": (_ONE,),
    "shell/window:Window._leave_office": (_FEW,),
    "shell/window:Window._open_shift": (_ONE,),
    "shell/window:Window._locked": (_FEW,),
}
"""Every place at which work leaves the screen's thread, and how it is done from there."""

HANDS_ON = {
    "screens/office/list_page:ListPage.submit",
    "screens/office/list_page:ListPage.submit_long",
    "screens/office/list_page:ListPage.submit_reading",
    "screens/office/office:Office.ask",
    "screens/office/page:OfficePage.ask",
}
"""What hands on what others ask for: that is counted there."""

Sites = tuple[str, ...]
AT_ONCE: Sites = ()
"""Done on the screen: it shows, moves or asks, and looks at most at what it was handed."""


def _at(page: str, *names: str) -> Sites:
    """Return places of a page, by the names of their functions."""
    return tuple(f"{page.partition(' ')[0]}.{name}" for name in names)


_C = "screens/catalogue/catalogue_page:CataloguePage"
_I = "screens/catalogue/import_page:ImportPage"
_IE = "screens/catalogue/error_lists:ErrorLists"
_P = "screens/catalogue/prices_page:PricesPage"
_CU = "screens/office/customers_page:CustomersPage"
_RC = "screens/office/records_page:RecordsPage"
_R = "screens/office/roles_page:RolesPage"
_ST = "screens/office/staff_page:StaffPage"
_G = "screens/stock/gather_page:GatherPage"
_L = "screens/stock/labels_page:LabelsPage"
_RE = "screens/stock/receive_page:ReceivePage"
_T = "screens/stock/take_page:TakePage"
_EX = "screens/exports/exports_page:ExportsPage"
_RP = "screens/reports/reports_page:ReportsPage"
_SE = "screens/reports/sending:ReportSending"
_M = "screens/mail/mail_page:MailPage"
_NO = "screens/mail/refusal_page:RefusalPage"
_MAS = "screens/mail/mail_setup_page:MailSetupPage"
_SP = "screens/office/setup_page:SetupPage"
_WR = "screens/mail/write_page:WritePage"
_SB = "screens/licence/subscription_page:SubscriptionPage"
_BK = "screens/backups/backups_page:BackupsPage"
_BL = "screens/backups/backup_looks:BackupLooks"
_DV = "screens/devices/devices_page:DevicesPage"
_TW = ("screens/devices/trial_watch:TrialWatch.look",)
_DR = "screens/doctor/doctor_page:DoctorPage"
_TR = "screens/mpesa/tray_page:TrayPage"
_SC = "screens/schedules/schedules_page:SchedulesPage"
_F = "screens/first_run/first_run:FirstRun"
_RY = "screens/first_run/steps_window:StepsWindow"
_SH = "screens/sell/shift_flow:ShiftFlow"
_CO = "screens/sell/counter:Counter"
_RT = "screens/sell/return_flow:ReturnFlow"
_W = "shell/window:Window"
_FILES = ("screens/catalogue/file_step:FileStep.open",)
_COLUMNS = ("screens/catalogue/column_step:ColumnStep._read",)

ACTS: Mapping[str, Mapping[str, Sites]] = {
    "screens/catalogue/catalogue_page": {
        "Add a product": _at(_C, "_with_offered"),
        "Add": _at(_C, "_write"),
        "Look at": _at(_C, "look_at"),
        "Edit": _at(_C, "_with_offered"),
        "Keep": _at(_C, "_remove"),
        "Save": _at(_C, "_write"),
        "Remove": _at(_C, "_remove"),
        "Remove it": _at(_C, "_remove"),
        "Prices": AT_ONCE,
        "Stock moves": AT_ONCE,
    },
    "screens/catalogue/error_lists": {
        "List of errors": AT_ONCE,
        "Write it": (*_at(_IE, "_copy", "_leave"), *_at(_I, "_run")),
    },
    "screens/catalogue/past_errors": {
        "See the errors": ("screens/catalogue/past_errors:PastErrorsView._look",),
    },
    "screens/catalogue/import_page": {
        "Import a file": _FILES,
        "Open": (*_FILES, *_COLUMNS),
        "What it holds": AT_ONCE,
        "Done": _COLUMNS,
        "Next sheet": _COLUMNS,
        "Try it": _at(_I, "_run"),
        "Import them": _at(_I, "_import", "_run"),
        "End it": _at(_I, "_end_job"),
    },
    "screens/catalogue/past_imports": {
        "Take it back": ("screens/catalogue/past_imports:PastImports._undo",),
    },
    "screens/catalogue/prices_page": {
        "Change prices": _at(_P, "_ask_rule"),
        "See it": _at(_P, "_look"),
        "Other rule": _at(_P, "_ask_rule"),
        "All of them": AT_ONCE,
        "To look at": AT_ONCE,
        "Change them": _at(_P, "_apply", "_leave_to_job"),
        "Take it back": _at(_P, "_undo"),
        "Labels": AT_ONCE,
    },
    "screens/exports/exports_page": {
        "New list": AT_ONCE,
        "Make it": _at(_EX, "_leave"),
        "Make again": _at(_EX, "_again"),
        "Open": _at(_EX, "_open"),
        "Show in folder": _at(_EX, "_open"),
        "Copy to…": AT_ONCE,
        "Copy": _at(_EX, "_copy"),
        "E-mail": _at(_EX, "_ask_mail"),
        "Send": _at(_EX, "_mail"),
        "Remove file": _at(_EX, "_remove"),
        "''": AT_ONCE,  # the file is handed to the page that writes to many
    },
    "screens/reports/reports_page": {
        "Show": _at(_RP, "_read"),
        "Period": AT_ONCE,
        "Filter": _at(_RP, "_ask_filters"),
        "Compare": _at(_RP, "_read"),
        "Alone": _at(_RP, "_read"),
        "Table": AT_ONCE,
        "Chart": AT_ONCE,
        "Sort": AT_ONCE,
        "''": AT_ONCE,  # the order of the rows is turned round
        "Export": AT_ONCE,
        "E-mail": _at(_SE, "ask_people"),
        "Sales": _at(_RP, "_read"),
        "Receipt": _at(_RP, "_read"),
    },
    "screens/reports/sending": {
        "Make it": _at(_SE, "_export"),
        "Send": _at(_SE, "_mail"),
    },
    "screens/office/form_page": {"Letters": AT_ONCE},
    "screens/mail/mail_page": {
        "Look at": _at(_M, "_look_at"),
        "Write": AT_ONCE,
        "title": AT_ONCE,  # other pages: the address book, templates, who wants no more
        "Mail setup": AT_ONCE,
        "Read it": AT_ONCE,
        "Mark": AT_ONCE,
        "Unmark": AT_ONCE,
        "Retry the failed": _at(_M, "_act"),
        "Send it again": _at(_M, "_act"),
        "Pause": _at(_M, "_act"),
        "Go on": _at(_M, "_act"),
        "Stop": _at(_M, "_stop"),
    },
    "screens/mail/refusal_page": {
        "Wants no more": _at(_NO, "_refuse_mail"),
        "Wants mail again": _at(_NO, "_allow"),
    },
    "screens/mail/mail_setup_page": {
        "Save": _at(_SP, "write"),
        "Save and test": _at(_SP, "write", "go_all_the_way"),
        "Forget the password": _at(_MAS, "_forget_password"),
    },
    "screens/mpesa/mpesa_setup_page": {
        "Save": _at(_SP, "write"),
        "Save and test": _at(_SP, "write", "go_all_the_way"),
        "Register": _at(_SP, "write", "go_all_the_way"),
    },
    "screens/mpesa/tray_page": {
        "Look at": _at(_TR, "_look_at"),
        "Look again": _at(_TR, "refresh"),
        "Read the list": _at(_TR, "_read_list"),
        "Import a statement": _FILES,
        "Open": (*_FILES, *_at(_TR, "_import")),
        "Last statement": _at(_TR, "_last_statement"),
        "Attach": _at(_TR, "_settle"),
        "Not ours": _at(_TR, "_settle"),
        "As credit": _at(_TR, "_settle"),
    },
    "screens/mpesa/tray_keys": {
        "Attach": _at(_TR, "_ask_target", "_settle"),
        "In cash": _at(_TR, "_settle"),
        "As credit": AT_ONCE,
        "It is there": _at(_TR, "_settle"),
        "Keep it so": _at(_TR, "_settle"),
        "Back in portal": _at(_TR, "_settle"),
        "It went back": _at(_TR, "_settle"),
        "It did not": _at(_TR, "_settle"),
        "It is not there": _at(_TR, "_settle"),
        "Back by M-Pesa": _at(_TR, "_settle"),
        "Not ours": AT_ONCE,
    },
    "screens/licence/subscription_page": {
        "Activate": _at(_SB, "_pay"),
        "Try again": _at(_SB, "_again"),
        "Look again": _at(_SB, "refresh"),
    },
    "screens/backups/backups_page": {
        "Back up now": _at(_BK, "_make"),
        "Check this one": _at(_BK, "_check"),
        "Where and how long": AT_ONCE,
        "Save": _at(_BK, "_save"),
        "Look again": (*_at(_BK, "refresh"), *_at(_BL, "look", "_read_to_end")),
    },
    "screens/devices/devices_page": {
        "Edit": AT_ONCE,
        "Look again": _at(_DV, "_look_again", "refresh", "_look_around"),
        "title": (*_at(_DV, "_try"), *_TW),  # the trial, as each kind calls it
        "Save": _at(_DV, "_save"),
        "Save and try": (*_at(_DV, "_save", "_try"), *_TW),
        "Find": _at(_DV, "_look_widely"),
    },
    "screens/doctor/doctor_page": {
        "Check again": _at(_DR, "refresh"),
        "Save for support": AT_ONCE,
        "Save": _at(_DR, "_save"),
    },
    "screens/mail/write_page": {
        "title": _FILES,  # Open, where files are listed; Take it, a template
        "Change": (*_at(_WR, "_ask_template", "_count"), *_FILES),
        "Done": _at(_WR, "_count"),
        "Preview": _at(_WR, "_preview"),
        "Test": AT_ONCE,
        "Send the test": _at(_WR, "_test"),
        "Send": _at(_WR, "_preview", "_leave_to_queue"),
        "Take it out": AT_ONCE,
        "Begin anew": _at(_WR, "_count"),
    },
    "screens/schedules/schedules_page": {
        "Edit": AT_ONCE,
        "Save": _at(_SC, "_save"),
        "Run now": _at(_SC, "_run"),
        "Look again": _at(_SC, "refresh"),
    },
    "screens/first_run/steps_window": {"Letters": AT_ONCE},
    "screens/recovery/steps": {
        "Open again": AT_ONCE,
        "For support": AT_ONCE,
        "Quit": AT_ONCE,
        "title": _at(_RY, "look"),  # From a backup; each way asks first
        "self._on()": _at(_RY, "work"),
        "Another one": AT_ONCE,
        "Look again": _at(_RY, "look"),
        "Back": AT_ONCE,
        "Open the till": AT_ONCE,
        "From a backup": _at(_RY, "look"),
    },
    "screens/recovery/asked_steps": {
        "Save it": _at(_RY, "work"),
        "End the program": AT_ONCE,
        "Back": AT_ONCE,
    },
    "screens/recovery/support_step": {"Save for support": _at(_RY, "work"), "Back": AT_ONCE},
    "screens/first_run/step": {"title": AT_ONCE},  # the way on, as each step calls it
    "screens/first_run/shop_step": {
        "Next": AT_ONCE,
        "Bring a shop back from a backup": _at(_RY, "look"),
    },
    "screens/first_run/goods_step": {
        "Make the shop": _at(_F, "_goods_answered"),
        "Sample goods": AT_ONCE,
        "Find printers": _at(_F, "_look_for_printers"),
        "Test print": _at(_F, "_test"),
        "Back": AT_ONCE,
    },
    "screens/first_run/key_step": {
        "I have written it down": AT_ONCE,
        "Print it": _at(_F, "_print_key"),
        "''": AT_ONCE,
    },
    "screens/office/customers_page": {
        "Add a customer": AT_ONCE,
        "Add": _at(_CU, "_write"),
        "Look at": _at(_CU, "_look_at"),
        "Edit": AT_ONCE,
        "Save": _at(_CU, "_write"),
        "Keep": _at(_CU, "_write"),
        "Credit limit": AT_ONCE,
        "Wants mail": _at(_CU, "_write"),
        "No mail": _at(_CU, "_write"),
        "Export": _at(_CU, "_export"),
        "Erase": _at(_CU, "_ask_erasing"),
        "Go on": AT_ONCE,
        "Erase for good": _at(_CU, "_erase"),
    },
    "screens/office/layout_page": {
        "Keep": _at("screens/office/layout_page:LayoutPage", "_keep"),
        "No logo": _at("screens/office/layout_page:LayoutPage", "_ask_preview"),
    },
    "screens/office/list_page": {
        "Letters": AT_ONCE,
        "save": AT_ONCE,  # the end of a form: it stands at the page that opens it
    },
    "screens/office/records_page": {  # suppliers, the address book, templates
        "words.add": AT_ONCE,
        "Add": _at(_RC, "_save"),
        "Edit": AT_ONCE,
        "Save": _at(_RC, "_save"),
        "Remove": AT_ONCE,
        "Remove it": _at(_RC, "_remove"),
    },
    "screens/office/roles_page": {
        "A role of our own": AT_ONCE,
        "Add": _at(_R, "_put"),
        "Save": _at(_R, "_put"),
        "As at first": _at(_R, "_restore"),
        "self._switch_words()": _at(_R, "_put"),
    },
    "screens/office/staff_page": {
        "Add a person": _at(_ST, "_add"),
        "Add": _at(_ST, "_save_new"),
        "Edit": _at(_ST, "_change"),
        "Save": _at(_ST, "_save", "_save_pin"),
        "New PIN": AT_ONCE,
        "Has left": _at(_ST, "_let_go"),
        "Take back": _at(_ST, "_take_back"),
        "Show who left": _at(_ST, "refresh"),
        "Hide who left": _at(_ST, "refresh"),
    },
    "screens/office/training_page": {
        "title": _at("screens/office/training_page:TrainingPage", "_begin"),
    },
    "screens/stock/correct_page": {
        "Next reason": AT_ONCE,
        "Past corrections": _at("screens/stock/correct_page:CorrectPage", "_show_before"),
        "Out": AT_ONCE,
        "Correct": _at("screens/stock/correct_page:CorrectPage", "_write"),
    },
    "screens/stock/gather_page": {
        "Take it": _at(_G, "_enter"),
        "New item": _at(_G, "_open_new_item"),
        "Add": _at(_G, "_save_new_item"),
    },
    "screens/stock/labels_page": {
        "Next paper": AT_ONCE,
        "New prices": AT_ONCE,
        "Take them": _at(_L, "_take_repriced"),
        "How many": AT_ONCE,
        "Done": AT_ONCE,
        "Out": AT_ONCE,
        "Make sheets": _at(_L, "_finish", "_write", "_leave"),
        "Print": _at(_L, "_print"),
    },
    "screens/stock/low_page": {
        "Receive goods": AT_ONCE,
        "Supplier": AT_ONCE,
        "Print": _at("screens/stock/low_page:LowPage", "_print"),
    },
    "screens/stock/receive_page": {
        "Supplier": _at(_RE, "_ask_head"),
        "They come": AT_ONCE,
        "They go back": AT_ONCE,
        "Past deliveries": _at(_RE, "_show_before", "_show_moves"),
        "Done": AT_ONCE,
        "Edit": AT_ONCE,
        "Out": AT_ONCE,
        "All out": AT_ONCE,
        "Give back": _at(_RE, "_finish"),
        "Into stock": _at(_RE, "_finish"),
    },
    "screens/stock/take_page": {
        "Begin": _at(_T, "_begin", "_save_new", "_open"),
        "Go on counting": _at(_T, "_open"),
        "Look at": _at(_T, "_open"),
        "part_words(self._next_part())": _at(_T, "_turn"),
        "Undo count": _at(_T, "_uncount", "_open"),
        "End it": _at(_T, "_end"),
        "Give it up": _at(_T, "_cancel"),
    },
    "screens/sell/keys": {
        "Help": AT_ONCE,
        "Search": AT_ONCE,
        "Price": AT_ONCE,
        "Customer": (
            "screens/sell/customer_flow:CustomerFlow._take",
            "screens/sell/customer_flow:CustomerFlow._add",
            "screens/sell/customer_flow:CustomerFlow._pay_on_account",
        ),
        "Hold": ("screens/sell/turns:Turns._send",),
        "Today's prices": _at(_CO, "take_todays_prices"),
        "Recall": ("screens/sell/turns:Turns._send",),
        "Reprint": (
            *_at(_CO, "reprint"),
            "screens/sell/mail_flow:MailFlow.show",
            "screens/sell/mail_flow:MailFlow._look_up",
            "screens/sell/mail_flow:MailFlow._submit",
        ),
        "Cash": (
            "screens/sell/recorder:Recorder.record",
            "screens/sell/recorder:Recorder._bring_back",
        ),
        "M-Pesa": (
            "screens/sell/mpesa_flow:MpesaFlow.open",
            "screens/sell/mpesa_flow:MpesaFlow._ask",
            "screens/sell/mpesa_flow:MpesaFlow._pick",
            "screens/sell/mpesa_look_up:CodeLookUp.look_up",
            "screens/sell/mpesa_flow:MpesaFlow._show_code",
            "screens/sell/mpesa_flow:MpesaFlow._end",
            "screens/sell/recorder:Recorder.record",
            "screens/sell/turns:Turns._send",
        ),
        "Card": ("screens/sell/recorder:Recorder.record", "screens/sell/turns:Turns._send"),
        "On account": ("screens/sell/recorder:Recorder.record", "screens/sell/turns:Turns._send"),
        "Voucher": (
            "screens/sell/recorder:Recorder.record",
            "screens/sell/tender_flow:TenderFlow._sell_voucher",
        ),
        "Return": (*_at(_RT, "_show", "open", "_take", "_take_loose"), *_at(_CO, "give_back")),
        "Void": ("screens/sell/turns:Turns._send",),
        "Clear": ("screens/sell/turns:Turns._send",),
        "New item": ("screens/sell/new_item_flow:NewItemFlow._open", *_at(_CO, "add_item")),
        "Lock": (*_at(_CO, "lock"), *_at(_W, "_locked")),
        "Shift": (
            *_at(_SH, "show", "_print_x", "_move_cash", "_open_drawer", "_close_shift"),
            *_at(_SH, "_close", "_note_recount", "_ask_day", "_close_day"),
        ),
        "Papers": (
            "screens/papers/papers_flow:PapersFlow.show",
            "screens/papers/papers_flow:PapersFlow._act",
        ),
        "Jobs": (
            "screens/jobs/jobs_flow:JobsFlow._ask_page",
            "screens/jobs/jobs_flow:JobsFlow._act",
        ),
        "Menu": _at(_W, "_leave_office"),
        "Keypad": _at(_W, "_keep"),
        "Theme": _at(_W, "_keep"),
        "Language": _at(_W, "_keep", "_choose_language"),
        "Full screen": AT_ONCE,
        "Warning": AT_ONCE,
    },
}
"""What can be done on each screen, and where its work leaves the screen's thread."""

BESIDES: Mapping[str, Sites] = {
    "a page is opened, or its list read anew": (
        *_at(_C, "_read"),
        *_at(_DV, "refresh", "_look_around"),
        *_at(_DR, "refresh"),
        *("screens/catalogue/past_imports:PastImports.read",),
        *_at(_P, "refresh"),
        *_at(_CU, "refresh"),
        *_at(_R, "refresh"),
        *_at(_G, "refresh"),
        *_at(_RC, "refresh"),
        *_at(_T, "_show_takes"),
        *_at(_EX, "refresh"),
        *_at(_M, "refresh"),
        *_at(_MAS, "begin"),
        *_at("screens/mpesa/mpesa_setup_page:MpesaSetupPage", "begin"),
        *_at(_WR, "_count"),
        *_at(_SC, "refresh"),
        *_at(_SB, "refresh"),
        "screens/office/menu_page:MenuPage._say_line",
        "screens/office/menu_page:MenuPage._count",
        *_at(_TR, "refresh"),
        "screens/office/layout_page:LayoutPage.opened",
        "screens/papers/papers_flow:PapersFlow.refresh",
        "screens/stock/low_page:LowPage.refresh",
        "screens/jobs/jobs_flow:JobsFlow.refresh",
    ),
    "a code is scanned or typed": (
        *_at(_C, "scanned"),
        *_at(_G, "_take_code"),
        *_at(_T, "_count"),
        *_at(_CO, "learn", "look"),
        "screens/sell/turns:Turns._send",
    ),
    "a file is chosen that is to go along": _at(_WR, "_attach"),
    "another line of the sale is chosen": _at(_CO, "select"),
    "somebody signs in": (
        *_at(_W, "_sign_in", "_open_shift"),
        "shell/licence_line:LicenceLine.look",
    ),
    "the window opens and closes": (
        *_at(_CO, "start", "look_for_shift"),
        *_at(_W, "start"),
        "shell/settings_watch:SettingsWatch.look",
        "shell/room_line:RoomLine.look",
        "shell/kiosk:Kiosk.may_close",
        "shell/leaving:Leaving._wait",
    ),
    "figures are told while one looks": (
        "screens/jobs/jobs_flow:JobsFlow._count",
        "screens/office/job_watch:JobWatch._look",
        *_at(_EX, "refresh"),
        *_at(_M, "refresh"),
    ),
}
"""What is done without an act of a tile or a key of the bar."""

OTHER_MEANINGS = {
    "kit/person_and_pin:PersonAndPin.handle_key self.submit",
    "kit/person_and_pin:PersonAndPin._pad_pressed self.submit",
    "screens/office/customers_page:CustomersPage._ask_about self._for_good.ask",
    "screens/office/layout_page:LayoutPage._keep layouts.keep",
    "screens/mail/write_page:WritePage._ask_to_send self._question.ask",
    "screens/schedules/schedules_page:SchedulesPage._run people.run",
    "screens/sell/approval_page:ApprovalPage.__init__ self.who.submit",
    "screens/sell/customer_flow:CustomerFlow._ask_payment self.settle.ask",
    "screens/sell/finder:Finder.enter self._box.submit",
    "screens/sell/mail_flow:MailFlow._left self._counter.ask",
    "screens/sell/mpesa_flow:MpesaFlow._show_asking self.page.ask",
    "screens/sell/return_flow:ReturnFlow.__init__ self.ask",
    "screens/sell/return_flow:ReturnFlow.pages self.ask",
    "screens/sell/return_flow:ReturnFlow.show self.ask",
    "screens/sell/return_flow:ReturnFlow._show self.ask",
    "screens/sell/screen:SellScreen.keep_sale self._question.keep",
    "screens/sell/screen:SellScreen._ask_approval self.approval.ask",
    "screens/sell/shift_flow:ShiftFlow._counted self.variance.ask",
    "screens/sell/shift_flow:ShiftFlow._doubt self._counter.ask",
    "screens/sell/shift_flow:ShiftFlow._ask_why self._counter.ask",
    "screens/sell/shift_flow:ShiftFlow._ask_day self.day.ask",
    "screens/sell/tender_flow:TenderFlow._ask self.page.ask",
    "shell/leaving:Leaving._settle self._shop.till.keep",
}
"""Where the words by which work leaves the screen's thread mean something else."""
