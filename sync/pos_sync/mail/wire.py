"""The bytes between us and a mail server: lines with a limit, each within its time.

What breaks is an OSError (time limits and the errors of TLS are); what is no answer is Garbage.
After either the connection is of no more use.
"""

from __future__ import annotations

import contextlib
import ipaddress
import socket
import ssl

from pos_sync.deadline import Deadline, Monotonic
from pos_sync.mail.replies import Garbage, Reply, reply_of, split_line

_LONGEST_LINE = 4096
_MOST_LINES = 200
_CHUNK = 65536
_NOTHING_YET = (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError)


class Interrupted(Exception):
    """The server has said something, or gone, in the middle of what it was to listen to."""


class NothingWent(Exception):
    """The connection is broken, and not one byte of this has gone out."""


class Wire:
    """A connection; `cut` alone may be called from another thread."""

    def __init__(self, connection: socket.socket, monotonic: Monotonic) -> None:
        self._connection = connection
        self._monotonic = monotonic
        self._read = bytearray()
        self._is_over = False

    @property
    def is_secure(self) -> bool:
        """Whether nobody between can read along."""
        return isinstance(self._connection, ssl.SSLSocket)

    @property
    def is_local(self) -> bool:
        """Whether the other side is this machine."""
        return ipaddress.ip_address(self._connection.getpeername()[0]).is_loopback

    @property
    def own_address(self) -> str:
        """Our address on this line, as one introduces oneself by it."""
        address = ipaddress.ip_address(self._connection.getsockname()[0].partition("%")[0])
        return f"[{address}]" if address.version == 4 else f"[IPv6:{address}]"

    @property
    def has_rest(self) -> bool:
        """Whether something has been received that nobody has asked for."""
        return bool(self._read)

    @property
    def rest_is_tls(self) -> bool:
        """Whether what was received and not understood is a record of TLS."""
        return self._read.startswith((b"\x15\x03", b"\x16\x03"))

    def certificate(self) -> bytes:
        """Return the certificate of the other side as it came; nothing on an open line."""
        if not isinstance(self._connection, ssl.SSLSocket):
            return b""
        return self._connection.getpeercert(binary_form=True) or b""

    def secure(self, context: ssl.SSLContext, host: str, seconds: float) -> None:
        """Go on in TLS; what was received before in the open must have been looked at."""
        self._connection.settimeout(seconds)
        self._connection = context.wrap_socket(self._connection, server_hostname=host)

    def ask(self, command: str, seconds: float) -> Reply:
        """Send a command and return the answer."""
        self.write(line_of(command), seconds)
        return self.reply(seconds)

    def write(self, data: bytes, seconds: float) -> None:
        """Send all of this within so many seconds."""
        deadline = Deadline(self._monotonic, seconds)
        rest = memoryview(data)
        while rest:
            self._connection.settimeout(deadline.left())
            rest = rest[self._connection.send(rest) :]

    def write_body(self, data: bytes, seconds: float, stall: float) -> None:
        """Send a long text, of which some must go on within each `stall` seconds.

        Raises Interrupted as soon as the other side has something to say.
        """
        deadline = Deadline(self._monotonic, seconds)
        rest = memoryview(data)
        while rest:
            self._connection.settimeout(deadline.within(stall).left())
            rest = rest[self._connection.send(rest[:_CHUNK]) :]
            if self.has_news():
                raise Interrupted

    def write_end(self, end: bytes, seconds: float) -> None:
        """Send the end of a text; raises NothingWent if that is for certain, else OSError.

        A call that fails has handed over nothing: a system takes some of it, or fails. In TLS it
        may have taken the beginning of a record, which without its end means nothing.
        """
        deadline = Deadline(self._monotonic, seconds)
        try:
            self._connection.settimeout(deadline.left())
            gone = self._connection.send(end)
        except OSError as error:
            raise NothingWent from error
        if gone < len(end):
            self.write(end[gone:], deadline.left())

    def reply(self, seconds: float) -> Reply:
        """Return the next answer, all of which must come within so many seconds."""
        deadline = Deadline(self._monotonic, seconds)
        codes, texts, is_last = set(), [], False
        while not is_last:
            code, is_last, text = split_line(self._line(deadline))
            codes.add(code)
            texts.append(text)
            if len(codes) > 1 or len(texts) > _MOST_LINES:
                raise Garbage
        return reply_of(code, texts)

    def has_news(self) -> bool:
        """Tell, without waiting, whether the other side has said something or has gone."""
        if self._read or self._is_over:
            return True
        try:
            self._connection.settimeout(0)
            self._receive()
        except _NOTHING_YET:
            return False
        except OSError:
            self._is_over = True
        return True

    def cut(self) -> None:
        """End the connection at once, also under the hands of another thread."""
        with contextlib.suppress(OSError):
            # past ssl's own, which would make the line an open one before it ends it
            socket.socket.shutdown(self._connection, socket.SHUT_RDWR)

    def close(self) -> None:
        """Give the connection back to the system."""
        with contextlib.suppress(OSError):
            self._connection.close()

    def _line(self, deadline: Deadline) -> bytes:
        while (end := self._read.find(b"\n")) < 0:
            if len(self._read) > _LONGEST_LINE:
                raise Garbage
            self._connection.settimeout(deadline.left())
            self._receive()
        line = bytes(self._read[:end])
        del self._read[: end + 1]
        return line.rstrip(b"\r")

    def _receive(self) -> None:
        data = b"" if self._is_over else self._connection.recv(_LONGEST_LINE)
        if not data:
            self._is_over = True
            raise ConnectionAbortedError
        self._read += data


def line_of(command: str) -> bytes:
    """Return a command as it is sent; raises ValueError where it is more than one."""
    if not {"\r", "\n", "\0"}.isdisjoint(command):
        raise ValueError("a command is one line")
    return command.encode() + b"\r\n"
