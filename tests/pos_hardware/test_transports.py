"""Every way to a device keeps its deadline and says what went wrong in our own words."""

from __future__ import annotations

import os
import stat
import threading
from collections.abc import Callable, Iterator
from pathlib import Path, PurePath, PurePosixPath, PureWindowsPath

import pytest
from pos_hardware.clock import Deadline, SystemClock
from pos_hardware.document import ReceiptDocument, Text
from pos_hardware.errors import BadAddress, DeviceError, Lost, NotSent
from pos_hardware.faults import Fault
from pos_hardware.printing import Hooks, Limits, Outcome, Result, print_once, pulse_once
from pos_hardware.profile import PAPER_80
from pos_hardware.rendering import render_escpos
from pos_hardware.testing.model import PrinterModel
from pos_hardware.testing.simulator import PrinterSimulator
from pos_hardware.testing.virtual import VirtualPrinter
from pos_hardware.transports.addresses import address_fault, parse_address, virtual_address
from pos_hardware.transports.base import Transport
from pos_hardware.transports.cups import CupsTransport
from pos_hardware.transports.device_file import DeviceFileTransport
from pos_hardware.transports.network import NetworkTransport
from pos_hardware.transports.print_file import FileTransport
from pos_hardware.transports.serial_port import FlowControl, LineSettings, SerialTransport
from pos_hardware.transports.windows import WORK_OFFLINE, WindowsTransport, system_winspool

from tests.pos_hardware.clocks import FAR, Unhurried
from tests.pos_hardware.lines import Answering, FarEnd
from tests.pos_hardware.test_clock import Hands

CLOCK = SystemClock()
DATA = render_escpos(ReceiptDocument((Text("one"), Text("two"))), PAPER_80)


def soon(seconds: float = 5.0) -> Deadline:
    return Deadline(CLOCK, seconds)


def serial_at(path: str, line: LineSettings | None = None) -> SerialTransport:
    return SerialTransport(lambda: path, line or LineSettings())


def use(transport: Transport) -> None:
    for _ in range(20):
        transport.read(1, soon(0.1))
        transport.write(b"x", soon(0.1))


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("tcp://192.168.1.50:9100", NetworkTransport),
        ("tcp://printer.shop", NetworkTransport),
        ("tcp://[fe80::1]:9100", NetworkTransport),
        ("usb:///dev/usb/lp0", DeviceFileTransport),
        ("usb://id/04b8:0e15:5446", DeviceFileTransport),
        ("file:///prints.bin", FileTransport),
        ("file:///C:/prints.bin", FileTransport),
        ("serial:///dev/ttyUSB0?baud=19200&bits=7&parity=e&stop=2&flow=dtr", SerialTransport),
        ("serial://id/0403:6001:A50285BI", SerialTransport),
        ("serial://port/COM3", SerialTransport),
        ("windows://EPSON%20TM-T20", WindowsTransport),
        ("cups://receipts", CupsTransport),
        ("  cups://receipts ", CupsTransport),
    ],
)
def test_addresses(address: str, kind: type) -> None:
    assert isinstance(parse_address(address)(), kind)


def test_the_settings_of_an_address_arrive() -> None:
    serial = parse_address("serial:///dev/tty%20S0?baud=19200&bits=7&parity=e&stop=2&flow=rts")()
    assert isinstance(serial, SerialTransport)
    assert serial._line == LineSettings(
        baud=19200, bits=7, parity="E", stop=2, flow=FlowControl.RTS
    )
    assert serial._find() == "/dev/tty S0"
    port = parse_address("serial://port/COM3")()
    assert isinstance(port, SerialTransport)
    assert port._find() == "COM3"
    network = parse_address("tcp://printer.shop")()
    assert isinstance(network, NetworkTransport)
    assert (network._host, network._port) == ("printer.shop", 9100)
    windows = parse_address("windows://EPSON%20TM-T20")()
    assert isinstance(windows, WindowsTransport)
    assert windows._printer == "EPSON TM-T20"


@pytest.mark.parametrize(
    "address",
    [
        "", "nonsense", "http://host", "tcp://", "tcp://host:99999", "tcp://host:abc", "tcp://[::1",
        "usb://lp0", "usb://id/", "file://", "file://host/path", "file:///a%00b", "serial:///dev/tty?baud=fast",
        "serial:///dev/tty?baud=1", "serial:///dev/tty?colour=red", "serial://id/",
        "serial:///dev/tty?flow=maybe", "serial:///dev/tty?parity=X", "cups://", "cups://-d",
        "cups://a%20b", "windows://",
    ],
)  # fmt: skip
def test_addresses_that_say_nothing(address: str) -> None:
    with pytest.raises(BadAddress):
        parse_address(address)


@pytest.mark.parametrize(
    "folder", [PureWindowsPath("C:/Duka #2/prints"), PurePosixPath("/home/50% off/prints")]
)
def test_the_address_of_a_virtual_printer_leads_to_its_folder(folder: PurePath) -> None:
    printer = parse_address(virtual_address(folder))()
    assert isinstance(printer, VirtualPrinter)
    assert printer._folder == Path(folder.as_posix())


def test_a_host_that_nobody_knows_is_told_apart_from_one_that_is_off() -> None:
    transport = parse_address("tcp://no-such-host.invalid")()
    with pytest.raises(NotSent) as caught:
        transport.open(soon())
    assert caught.value.fault is Fault.NO_SUCH_NAME


@pytest.mark.parametrize(
    "address",
    [
        "tcp://127.0.0.1:1",
        "usb:///dev/usb/lp99",
        "usb://id/ffff:ffff:nothing",
        "serial:///dev/ttyUSB99",
        "serial://id/ffff:ffff:nothing",
        "file:///no/such/folder/file",
        "windows://None",
    ],
)
def test_what_is_not_there_is_unreachable_at_once(address: str) -> None:
    transport = parse_address(address)()
    with pytest.raises(NotSent) as caught:
        transport.open(soon(FAR))
    assert caught.value.fault is Fault.UNREACHABLE
    transport.close()
    transport.close()


@pytest.mark.parametrize(
    "make",
    [
        lambda: NetworkTransport("127.0.0.1", 1),
        lambda: serial_at("/dev/null"),
        lambda: WindowsTransport("x", system_winspool),
    ],
)
def test_what_was_never_opened_is_lost(make: Callable[[], Transport]) -> None:
    with pytest.raises(Lost):
        make().write(b"x", soon())


# Network


@pytest.fixture
def printer() -> Iterator[PrinterSimulator]:
    with PrinterSimulator() as simulator:
        yield simulator


def test_a_network_read_keeps_its_deadline(printer: PrinterSimulator) -> None:
    transport = parse_address(printer.address)()
    transport.open(soon())
    clock = Unhurried()
    start = clock.monotonic()
    assert transport.read(16, Deadline(clock, 0.2)) == b""
    assert 0.2 <= clock.monotonic() - start < 1
    transport.close()


def test_a_network_printer_that_goes_away_is_lost(printer: PrinterSimulator) -> None:
    transport = parse_address(printer.address)()
    transport.open(soon())
    printer.wait_for(lambda p: p.connections == 1)
    printer.unplug()
    with pytest.raises(Lost) as caught:
        transport.read(16, soon())
    assert caught.value.__cause__ is not None
    transport.close()


def test_bytes_unread_do_not_reset_the_connection(printer: PrinterSimulator) -> None:
    """Closing with an unread status would throw away what the printer has not read yet."""
    printer.reads = False
    transport = parse_address(printer.address)()
    transport.open(soon())
    printer.wait_for(lambda p: p.connections == 1)
    printer.say(b"\x14\x00\x00\x0f")
    assert transport.write(DATA, soon()) == len(DATA)
    transport.close()
    printer.reads = True
    printer.wait_for(lambda p: p.closed + p.lost == 1)
    assert printer.lost == 0
    assert printer.paper.lines == ["one", "two"]


# Serial


def test_a_serial_printer_prints_and_acknowledges() -> None:
    model = PrinterModel()
    with FarEnd() as end:
        device = Answering(end, model.receive)
        result = print_once(serial_at(end.path), DATA, clock=CLOCK)
        device.stop()
    assert result == Result(Outcome.PRINTED, None, answers=True)
    assert model.paper.lines == ["one", "two"]


class Late(PrinterModel):
    """A printer that still owes the acknowledgement of an earlier print."""

    def receive(self, data: bytes) -> bytes:
        said = super().receive(data)
        if said == b"\0" and self.paper_left is None and self.fault is None:
            self.paper_left = 10
            return b"\0" + said
        return said


def test_a_late_acknowledgement_is_not_taken_for_the_next_prints() -> None:
    """The paper ends in the next print, so nothing but the late one can have come."""
    model = Late()
    with FarEnd() as end:
        device = Answering(end, model.receive)
        result = print_once(
            serial_at(end.path), DATA, clock=CLOCK, after_unknown=True, limits=Limits(waiting=0.5)
        )
        device.stop()
    assert result == Result(Outcome.UNKNOWN, Fault.PAPER_OUT, answers=True)


def test_a_printer_still_busy_with_an_earlier_print_gets_no_other() -> None:
    model = PrinterModel()
    model.paper_left = 12 + 2
    with FarEnd() as end:
        device = Answering(end, model.receive)
        result = print_once(
            serial_at(end.path), DATA, clock=CLOCK, after_unknown=True, limits=Limits(waiting=0.5)
        )
        device.stop()
    assert result == Result(Outcome.NOT_SENT, Fault.PAPER_OUT, answers=True)
    assert model.held == b"\x01"


def test_a_serial_line_that_nobody_reads_is_given_up_in_time() -> None:
    with FarEnd() as end:
        clock = Unhurried()
        start = clock.monotonic()
        limits = Limits(stall=0.5, notice=0.2, slowest=1_000_000)
        result = print_once(
            serial_at(end.path), DATA * 2000, clock=clock, answers=False, limits=limits
        )
        assert result == Result(Outcome.UNKNOWN, Fault.SILENT, answers=False)
        assert 0.5 <= clock.monotonic() - start < 3


def test_a_serial_line_that_goes_away_is_lost() -> None:
    with FarEnd() as end:
        transport = serial_at(end.path)
        transport.open(soon())
        end.unplug()
        with pytest.raises(Lost):
            use(transport)
        transport.close()


def test_a_serial_line_in_use_is_busy() -> None:
    with FarEnd() as end:
        first, second = serial_at(end.path), serial_at(end.path)
        first.open(soon())
        with pytest.raises(NotSent) as caught:
            second.open(soon())
        assert caught.value.fault is Fault.BUSY
        first.close()
        second.open(soon())
        second.close()


def test_a_serial_drawer_gets_its_bytes() -> None:
    with FarEnd() as end:
        result = pulse_once(serial_at(end.path), b"\x07", clock=CLOCK)
        assert result.outcome is Outcome.SENT
        assert end.hear(1) == b"\x07"


# Device files


def test_a_device_file_is_written_and_read() -> None:
    """A pseudo terminal stands for /dev/usb/lp0: a device that answers."""
    model = PrinterModel()
    with FarEnd() as end:
        device = Answering(end, model.receive)
        result = print_once(DeviceFileTransport(lambda: Path(end.path)), DATA, clock=CLOCK)
        device.stop()
    assert result == Result(Outcome.PRINTED, None, answers=True)
    assert model.paper.lines == ["one", "two"]


def test_a_device_file_that_takes_nothing_keeps_the_deadline(tmp_path: Path) -> None:
    pipe = tmp_path / "lp0"
    os.mkfifo(pipe)
    transport = DeviceFileTransport(lambda: pipe)
    transport.open(soon())
    written = 0
    while count := transport.write(b"x" * 100_000, soon(0.05)):
        written += count
    assert written > 0
    clock = Unhurried()
    start = clock.monotonic()
    assert transport.write(b"x", Deadline(clock, 0.3)) == 0
    assert 0.3 <= clock.monotonic() - start < 1
    transport.close()


def test_a_device_file_that_goes_away_is_lost() -> None:
    with FarEnd() as end:
        transport = DeviceFileTransport(lambda: Path(end.path))
        transport.open(soon())
        end.unplug()
        with pytest.raises(Lost):
            use(transport)
        transport.close()


def test_a_device_that_answers_with_nothing_does_not_burn_the_processor() -> None:
    clock = Hands()
    transport = DeviceFileTransport(lambda: Path("/dev/null"))
    transport.open(soon())
    assert transport.read(16, Deadline(clock, 1)) == b""
    assert clock.now > 100
    transport.close()


@pytest.mark.parametrize(
    ("number", "fault"), [(13, Fault.REFUSED), (16, Fault.BUSY), (2, Fault.UNREACHABLE)]
)
def test_reasons_why_a_file_does_not_open(number: int, fault: Fault) -> None:
    from pos_hardware.transports.device_file import fault_of_opening

    assert fault_of_opening(OSError(number, "why")) is fault


@pytest.mark.parametrize("kind", [b"a disk or a document"])
def test_a_device_file_is_never_a_plain_one(tmp_path: Path, kind: bytes) -> None:
    file = tmp_path / "lp0"
    file.write_bytes(kind)
    with pytest.raises(NotSent) as caught:
        DeviceFileTransport(lambda: file).open(soon())
    assert caught.value.fault is Fault.NOT_OURS
    assert file.read_bytes() == kind


PRINT = b"\x1b@" + DATA


@pytest.mark.parametrize("begun", [None, b"", PRINT, b"\x1bp\x00\x32\xfa"])
def test_prints_are_added_to_a_file_of_ours(tmp_path: Path, begun: bytes | None) -> None:
    file = tmp_path / "prints.bin"
    if begun is not None:
        file.write_bytes(begun)
    for _ in range(2):
        assert address_fault(file.as_uri()) is None
        result = print_once(FileTransport(file), PRINT, clock=CLOCK)
        assert result == Result(Outcome.SENT, None, answers=None)
    assert file.read_bytes() == (begun or b"") + PRINT * 2


def test_nothing_is_added_to_what_is_not_ours(tmp_path: Path) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text("Dear customer")
    (tmp_path / "link").symlink_to(letter)
    os.mkfifo(tmp_path / "pipe")
    for name in ("letter.txt", "link", "pipe"):
        file = tmp_path / name
        assert address_fault(file.as_uri()) is Fault.NOT_OURS
        result = print_once(FileTransport(file), PRINT, clock=CLOCK)
        assert result == Result(Outcome.NOT_SENT, Fault.NOT_OURS, answers=None)
    assert letter.read_text() == "Dear customer"


@pytest.mark.parametrize("path", ["/dev/null", "/proc/self/comm", "/sys/kernel/new"])
def test_files_of_the_system_are_no_files(path: str) -> None:
    assert address_fault(f"file://{path}") is Fault.NOT_OURS
    with pytest.raises(NotSent) as caught:
        FileTransport(Path(path)).open(soon())
    assert caught.value.fault is Fault.NOT_OURS


def test_a_file_that_changed_hands_meanwhile_is_not_written(tmp_path: Path) -> None:
    from pos_hardware.transports import print_file

    file = tmp_path / "prints.bin"
    file.write_text("not ours any more")
    with pytest.raises(NotSent):
        print_file._opened(file)
    assert file.read_text() == "not ours any more"


def test_each_print_is_a_file_of_its_own_in_a_folder(tmp_path: Path) -> None:
    (tmp_path / "000007.bin").write_bytes(b"older")
    (tmp_path / "notes.bin").write_bytes(b"not a print")
    assert address_fault(tmp_path.as_uri()) is None
    for _ in range(2):
        assert print_once(FileTransport(tmp_path), PRINT, clock=CLOCK).outcome is Outcome.SENT
    made = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    assert made.pop("000007.bin") == b"older"
    assert made.pop("notes.bin") == b"not a print"
    assert made == {"000008.bin": PRINT, "000009.bin": PRINT}


def test_an_address_that_says_nothing_is_told() -> None:
    assert address_fault("the printer") is Fault.BAD_ADDRESS
    assert address_fault("tcp://192.0.2.1") is None


# CUPS, with programs that stand for its own


LP = """#!/bin/sh
[ -e {folder}/hang ] && echo $$ > {folder}/hanging && exec sleep 600
[ -e {folder}/refuse ] && echo "lp: Error - The printer or class does not exist." >&2 && exit 1
echo "$@" > {folder}/arguments
cat > {folder}/spooled
[ -e {folder}/stuck ] && touch {folder}/waiting
echo "request id is receipts-12 (0 file(s))"
"""
LPSTAT = """#!/bin/sh
[ "$LC_ALL" = C ] || exit 3
case "$1" in
-p) [ "$2" = receipts ] || exit 1
    if [ -e {folder}/disabled ]; then echo "printer receipts disabled since now -"
    else echo "printer receipts is idle.  enabled since now"; fi ;;
-o) [ -e {folder}/waiting ] && echo "receipts-12  root  1024  now"; exit 0 ;;
-v) echo "device for receipts: usb://EPSON/TM-T20?serial=A1"
    echo "device for office: ipp://10.0.0.9/print" ;;
esac
"""


@pytest.fixture
def cups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, script in (("lp", LP), ("lpstat", LPSTAT)):
        program = tmp_path / name
        program.write_text(script.format(folder=tmp_path))
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    return tmp_path


def test_a_print_goes_into_the_queue_as_one_raw_job(cups: Path) -> None:
    result = print_once(parse_address("cups://receipts")(), DATA, clock=CLOCK)
    assert result == Result(Outcome.SENT, None, answers=None)
    assert (cups / "spooled").read_bytes() == DATA
    assert (cups / "arguments").read_text() == "-d receipts -o raw -t POS -\n"


@pytest.mark.parametrize(
    ("queue", "file", "fault"),
    [
        ("receipts", "disabled", Fault.OFFLINE),
        ("receipts", "refuse", Fault.OFFLINE),
        ("other", "none", Fault.NO_SUCH_NAME),
    ],
)
def test_a_queue_that_takes_nothing(cups: Path, queue: str, file: str, fault: Fault) -> None:
    (cups / file).touch()
    result = print_once(CupsTransport(queue), DATA, clock=CLOCK)
    assert result == Result(Outcome.NOT_SENT, fault)
    assert not (cups / "spooled").exists()


def test_a_job_that_stays_in_the_queue_is_sent_with_a_fault(cups: Path) -> None:
    (cups / "stuck").touch()
    result = print_once(CupsTransport("receipts"), DATA, clock=CLOCK, limits=Limits(settle=0.3))
    assert result == Result(Outcome.SENT, Fault.OFFLINE)


def test_an_lp_that_hangs_is_ended(cups: Path) -> None:
    (cups / "hang").touch()
    limits = Limits(stall=1.0, notice=0.3)
    result = print_once(CupsTransport("receipts"), DATA, clock=Unhurried(), limits=limits)
    assert result.fault is Fault.LOST
    assert result.outcome is Outcome.UNKNOWN
    with pytest.raises(ProcessLookupError):
        os.kill(int((cups / "hanging").read_text()), 0)


def test_no_cups_at_all(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    result = print_once(CupsTransport("receipts"), DATA, clock=CLOCK)
    assert result == Result(Outcome.NOT_SENT, Fault.UNREACHABLE)


# The Windows spooler, as a stand-in: the real one was not at hand


class Spooler:
    """What winspool.drv would do."""

    def __init__(self) -> None:
        self.status = 0
        self.attributes = 0
        self.jobs: list[bytes] = []
        self.waiting = 0
        self.open_handles = 0
        self.hang = threading.Event()
        self.hangs = False
        self.fails = False

    def open(self, printer: str) -> int:
        if printer != "TM":
            raise OSError(1801, "unknown printer")
        self.open_handles += 1
        return 7

    def state(self, handle: int) -> tuple[int, int]:
        return self.status, self.attributes

    def print_raw(self, handle: int, title: str, data: bytes) -> int:
        if self.hangs:
            self.hang.wait(FAR)
        if self.fails:
            raise OSError(5, "denied")
        self.jobs.append(data)
        return len(self.jobs)

    def job_is_waiting(self, handle: int, job: int) -> bool:
        self.waiting -= 1
        return self.waiting >= 0

    def close(self, handle: int) -> None:
        self.open_handles -= 1

    def printers(self) -> list[str]:
        return ["TM", "Front desk #2"]


def windows(spooler: Spooler, name: str = "TM") -> WindowsTransport:
    return WindowsTransport(name, lambda: spooler)


def test_a_print_goes_into_the_spooler() -> None:
    spooler = Spooler()
    spooler.waiting = 2
    result = print_once(windows(spooler), DATA, clock=CLOCK)
    assert result == Result(Outcome.SENT, None)
    assert spooler.jobs == [DATA]
    assert spooler.open_handles == 0


@pytest.mark.parametrize(
    ("status", "attributes", "fault"),
    [
        (0, WORK_OFFLINE, Fault.OFFLINE),
        (0x10, 0, Fault.PAPER_OUT),
        (0x400000, 0, Fault.COVER_OPEN),
        (0x1, 0, Fault.OFFLINE),
        (0x2, 0, Fault.BROKEN),
    ],
)
def test_a_spooler_with_a_fault_gets_nothing(status: int, attributes: int, fault: Fault) -> None:
    spooler = Spooler()
    spooler.status, spooler.attributes = status, attributes
    assert print_once(windows(spooler), DATA, clock=CLOCK) == Result(Outcome.NOT_SENT, fault)
    assert spooler.jobs == []
    assert spooler.open_handles == 0


def test_an_unknown_windows_printer() -> None:
    result = print_once(windows(Spooler(), "other"), DATA, clock=CLOCK)
    assert result == Result(Outcome.NOT_SENT, Fault.UNREACHABLE)


def test_a_job_that_stays_in_the_spooler_is_sent_with_a_fault() -> None:
    spooler = Spooler()
    spooler.waiting = 1000
    result = print_once(windows(spooler), DATA, clock=CLOCK, limits=Limits(settle=0.3))
    assert result == Result(Outcome.SENT, Fault.OFFLINE)


def test_a_spooler_that_hangs_is_left_in_time() -> None:
    spooler = Spooler()
    spooler.hangs = True
    limits = Limits(stall=0.4, notice=0.1)
    told: list[Fault | None] = []
    hooks = Hooks(fault=told.append)
    result = print_once(windows(spooler), DATA, clock=CLOCK, limits=limits, hooks=hooks)
    assert told[-1] is Fault.SILENT, "on a busy machine the connection may have seemed slow first"
    assert result == Result(Outcome.UNKNOWN, Fault.LOST)
    assert spooler.jobs == [], "it still hangs"
    spooler.hang.set()


def test_a_spooler_that_refuses_took_nothing() -> None:
    spooler = Spooler()
    spooler.fails = True
    result = print_once(windows(spooler), DATA, clock=CLOCK)
    assert result == Result(Outcome.NOT_SENT, Fault.REFUSED)


def test_every_error_of_the_package_has_a_sentence_of_its_own() -> None:
    kinds = [BadAddress, Lost]
    assert all(isinstance(kind(), DeviceError) and str(kind()) for kind in kinds)
    assert len({str(kind()) for kind in kinds}) == len(kinds)
    assert "unreachable" in str(NotSent(Fault.UNREACHABLE))
