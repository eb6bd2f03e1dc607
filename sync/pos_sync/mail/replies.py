"""What a mail server answers: a code, an enhanced code where it gives one, and words."""

from __future__ import annotations

import re
from dataclasses import dataclass

LONGEST_WORDS = 500
_LINE = re.compile(rb"([2-5][0-9][0-9])([ -])?(.*)", re.DOTALL)
_ENHANCED = re.compile(r"([245]\.[0-9]{1,3}\.[0-9]{1,3})(?=\s|$)\s*")
CLOSING = 421
"""The server ends the connection, whatever it was asked."""


class Garbage(Exception):
    """What came is no answer of a mail server."""


@dataclass(frozen=True, kw_only=True)
class Reply:
    """One answer."""

    code: int
    """200 to 599."""
    enhanced: str = ""
    """As `5.1.1`; empty where there is none."""
    words: str = ""
    """What the server says, without control characters, cut to a bearable length."""
    lines: tuple[str, ...] = ()
    """The lines as they came, without codes: what the server can do stands in them."""

    @property
    def is_yes(self) -> bool:
        """Whether it was done."""
        return 200 <= self.code < 300

    @property
    def is_for_now(self) -> bool:
        """Whether it is a no that may become a yes later."""
        return 400 <= self.code < 500

    @property
    def is_for_good(self) -> bool:
        """Whether it is a no that stays one."""
        return self.code >= 500

    @property
    def is_closing(self) -> bool:
        """Whether the server ends the connection with it."""
        return self.code == CLOSING

    @property
    def shown(self) -> str:
        """The answer as people read it."""
        return " ".join(filter(None, (str(self.code), self.enhanced, self.words)))

    def without(self, *secrets: str) -> Reply:
        """Return the answer with secrets blotted out, should the server repeat them."""
        words = self.words
        for secret in secrets:
            words = words.replace(secret, "***")
        return Reply(code=self.code, enhanced=self.enhanced, words=words)


def split_line(line: bytes) -> tuple[int, bool, bytes]:
    """Return the code of a line, whether it is the last of its answer, and its text.

    Raises Garbage.
    """
    match = _LINE.fullmatch(line)
    if match is None or (match[2] is None and match[3]):
        raise Garbage
    return int(match[1]), match[2] != b"-", match[3]


def reply_of(code: int, texts: list[bytes]) -> Reply:
    """Return the answer that these lines make; its enhanced code is the first line's."""
    lines = tuple(_cleaned(text) for text in texts)
    found = _ENHANCED.match(lines[0]) if lines else None
    enhanced = found[1] if found and found[1][0] == str(code)[0] else ""
    spoken = [_ENHANCED.sub("", line, count=1) if enhanced else line for line in lines]
    words = " ".join(filter(None, spoken))[:LONGEST_WORDS]
    return Reply(code=code, enhanced=enhanced, words=words, lines=lines)


def _cleaned(text: bytes) -> str:
    said = text.decode("utf-8", "replace")
    return " ".join("".join(one if one.isprintable() else " " for one in said).split())
