"""What is left of a log or a crash report that cannot be covered: when, where and which fault."""

from __future__ import annotations

import re

_RECORD = re.compile(
    r"(\d{4}-\d\d-\d\dT[\d:.]+Z (?:DEBUG|INFO|WARNING|ERROR|CRITICAL) \d+) .*?"
    r"((?:root|huey|peewee|pos_[a-z]+)(?:\.[a-z_]+)*): "
)
_FRAME = re.compile(r'\s*File "[^"]*[/\\]([\w.-]+\.py)", line \d+(?:, in [\w<>]+)?')
_FAULT = re.compile(r"([A-Za-z_][\w.]*(?:Error|Exception|Warning))(?=:|$)")
_HEAD = re.compile(r"(?:Reference: [A-Z0-9]{4,8}|Written: [\d:TZ-]+|Fault: [0-9a-f]+)$")


def bare_lines(text: str) -> str:
    """Return of each line of a text what quotes nobody; other lines are left out."""
    lines = (_bare(line) for line in text.splitlines())
    return "".join(f"{line}\n" for line in lines if line)


def _bare(line: str) -> str:
    if record := _RECORD.match(line):
        return f"{record[1]} {record[2]}"
    for kind in (_FRAME, _FAULT, _HEAD):
        if found := kind.match(line):
            return found[0]
    return ""
