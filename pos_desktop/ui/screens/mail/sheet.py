"""A mailing while it is written: to whom, with which words, and what goes along."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pos_desktop.domain.ids import Id
from pos_desktop.domain.mail import Audience, PartyKind
from pos_desktop.domain.text import _, joined
from pos_desktop.services.mail.mail_addresses import Chosen
from pos_desktop.services.mail.mailing import Letter
from pos_desktop.ui.kit.list_row import ListRow
from pos_desktop.ui.kit.pill import Tone
from pos_desktop.ui.screens.mail import wording

TO, TEMPLATE, WORDS, STATEMENT, FILES = "to", "template", "words", "statement", "files"
FILE, EXPORT = "file ", "export "
"""What the keys of the lines of single files begin with."""


@dataclass(slots=True)
class Sheet:
    """What was written and chosen so far."""

    audience: Audience = field(default_factory=lambda: Audience(kind=PartyKind.CUSTOMER))
    chosen: Chosen | None = None
    """How many the audience is; None until it is counted."""
    template: str = ""
    """The name of the template from which the words were taken."""
    subject: str = ""
    body: str = ""
    html: str = ""
    with_statement: bool = False
    files: list[Path] = field(default_factory=list)
    exports: dict[Id, str] = field(default_factory=dict)
    """Files that the shop has made, by their ids, with their titles."""

    @property
    def has_words(self) -> bool:
        """Whether something of its words was written."""
        return bool(self.subject or self.body or self.html)

    @property
    def is_blank(self) -> bool:
        """Whether nothing would be lost with it."""
        return not (self.has_words or self.files or self.exports)

    @property
    def shortened(self) -> str:
        """Its words on one line."""
        return " · ".join(filter(None, (_line(self.subject), _line(self.body))))

    @property
    def letter(self) -> Letter:
        """What is mailed."""
        is_theirs = self.audience.kind is PartyKind.CUSTOMER
        return Letter(
            subject=self.subject,
            body=self.body,
            html=self.html,
            files=tuple(self.files),
            exports=tuple(self.exports),
            with_statement=self.with_statement and is_theirs,
        )

    def take_out(self, key: str) -> str:
        """Take out the file of a line; return its name, empty where the line is none of a file."""
        if key.startswith(EXPORT):
            return self.exports.pop(key.removeprefix(EXPORT), "")
        path = Path(key.removeprefix(FILE))
        if not key.startswith(FILE) or path not in self.files:
            return ""
        self.files.remove(path)
        return path.name


def _line(text: str) -> str:
    """Return a text as one line."""
    return " ".join(text.split())


def sheet_rows(sheet: Sheet) -> Iterator[ListRow]:
    """Yield the lines in which a mailing is written; statements go to customers alone."""
    yield _to_row(sheet)
    yield ListRow(
        key=TEMPLATE,
        title=_("Template"),
        note=sheet.template or _("None: your own words"),
    )
    yield ListRow(
        key=WORDS,
        title=_("Subject and text"),
        note=sheet.shortened or _("Nothing is written yet"),
        chip="" if sheet.subject and sheet.body else _("to be written"),
        tone=Tone.WARNING,
        right=_("with HTML") if sheet.html else "",
    )
    if sheet.audience.kind is PartyKind.CUSTOMER:
        yield ListRow(
            key=STATEMENT,
            title=_("Each customer's own statement"),
            note=_("What they bought and paid, and what they owe"),
            chip=_("goes along") if sheet.with_statement else _("no"),
            tone=Tone.ACCENT if sheet.with_statement else Tone.QUIET,
        )
    yield ListRow(
        key=FILES, title=_("Attach a file"), note=_("Everybody gets it: a picture, a price list")
    )
    for path in sheet.files:
        yield ListRow(
            key=f"{FILE}{path}", title=path.name, note=str(path.parent), chip=_("goes along"),
            tone=Tone.ACCENT,
        )  # fmt: skip
    for export, title in sheet.exports.items():
        yield ListRow(
            key=f"{EXPORT}{export}", title=title, note=_("Made by the shop"),
            chip=_("goes along"), tone=Tone.ACCENT,
        )  # fmt: skip


def _to_row(sheet: Sheet) -> ListRow:
    chosen = sheet.chosen
    return ListRow(
        key=TO,
        title=joined(": ", (_("To"), wording.audience_words(sheet.audience))),
        note=wording.left_out_words(chosen) if chosen else _("They are being counted …"),
        chip="" if chosen is None or chosen.parties else _("nobody"),
        tone=Tone.WARNING,
        right=wording.chosen_words(chosen) if chosen and chosen.parties else "",
    )
