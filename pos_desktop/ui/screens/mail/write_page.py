"""Writing to many: to whom, with which words, what goes along; looked at, tried, and sent.

Each line is a part of the mailing. Nothing is lost on the way: what was written stays until it is
sent, or thrown away by a person who was asked.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from pos_desktop.domain.mail import Audience
from pos_desktop.domain.mail_template import MailTemplate
from pos_desktop.domain.text import _, joined, ngettext
from pos_desktop.services.mail.mail_addresses import Chosen, known_fields
from pos_desktop.services.mail.mailing import Preview
from pos_desktop.services.people.sign_in import Person
from pos_desktop.storage.exports import Export
from pos_desktop.storage.mails import Mail
from pos_desktop.ui.kit.acts import Act
from pos_desktop.ui.kit.form import Form, FormField
from pos_desktop.ui.kit.latest import Latest
from pos_desktop.ui.kit.pill import Tone
from pos_desktop.ui.kit.question import Question
from pos_desktop.ui.kit.row_list import RowList
from pos_desktop.ui.kit.strip import Notice
from pos_desktop.ui.kit.text_box import TextBox
from pos_desktop.ui.kit.tile import Rank
from pos_desktop.ui.screens.catalogue.file_step import FileStep
from pos_desktop.ui.screens.mail import sheet as parts
from pos_desktop.ui.screens.mail import wording
from pos_desktop.ui.screens.mail.audience_form import AudienceForm
from pos_desktop.ui.screens.mail.letter_form import LetterForm
from pos_desktop.ui.screens.mail.preview_view import PreviewView
from pos_desktop.ui.screens.mail.sheet import Sheet, sheet_rows
from pos_desktop.ui.screens.mail.template_view import TemplateView
from pos_desktop.ui.screens.office.list_page import ListPage
from pos_desktop.ui.screens.office.office import Office

K = Qt.Key
COUNT_MS = 200
"""How long typing rests before an audience is counted anew."""
_LONGEST_ADDRESS = 254
_SEND, _BEGIN_ANEW, _TEMPLATE = "send", "begin anew", "template"


class WritePage(ListPage):
    """Shows the parts of a mailing; Enter changes the chosen one."""

    def __init__(self, office: Office) -> None:
        super().__init__(office, _("Write to many"), listed=_("The mailing"))
        self.sheet = Sheet()
        self.files = FileStep(office, self, endings=None)
        self.templates = TemplateView()
        self.preview = PreviewView()
        self._written_by: Person | None = None
        """Whose mailing it is."""
        self._tested_at = ""
        """Where the last test went."""
        self._question = Question()
        """What is to be done that the same key confirms."""
        self._counting = Latest()
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(COUNT_MS)
        self._rest.timeout.connect(self._count_form)
        self.list.chosen.connect(self._forget)
        self.files.listed.connect(lambda: self._show_view(self.files.view))
        self.files.chosen.connect(self._attach)
        self.files.refused.connect(self.refuse)

    # what another page hands in

    def take_in(self, thing: object) -> None:
        """Let a file that the shop has made go along with the mailing."""
        assert isinstance(thing, Export)
        self.sheet.exports[thing.id] = thing.title
        self.refresh()

    # the lines

    def opened(self) -> None:
        """Show what was written so far; what somebody else has written is gone."""
        if self._written_by not in (None, self.office.actor):
            self.sheet = Sheet()
            self.show_instead(None)
        self._written_by = self.office.actor
        if self.form is None and self.below is not None:
            self.tell_acts()
            self.take_focus()
            return
        super().opened()

    def refresh(self) -> None:
        """Show the lines, and count the audience."""
        self._show()
        self._count(self.sheet.audience, self._counted)

    def _counted(self, chosen: Chosen) -> None:
        self.sheet.chosen = chosen
        self._show()

    def _count(self, audience: Audience, then: Callable[[Chosen], None]) -> None:
        """Count an audience beside the lane: a large one takes a while."""
        mailing, actor = self.office.shop.mail.mailing, self.office.actor
        self.office.reading.run(
            lambda: mailing.count(audience, actor=actor), self._counting.only(then), self.refuse
        )

    def _show(self) -> None:
        self.show_rows([*sheet_rows(self.sheet)], ("", ""))

    def retell(self) -> None:
        """Say all of it in the language that is spoken now."""
        super().retell()
        self._show()
        self.files.tell()

    # what stands in the place of the lines

    def _show_view(self, view: QWidget) -> None:
        self.say(None)
        if self.below is not view:
            self.show_instead(view)

    def leave(self) -> None:
        """Leave a question, then a form or a view, then the page; what was written stays."""
        if self._question.forget():
            self.say(None)
            self.tell_acts()
        else:
            super().leave()

    def keyboard_target(self) -> QLineEdit | TextBox | None:
        """Let typing go to the form, or to the line above the files."""
        if self.form is None and self.below is self.files.view:
            return self.files.view.field
        return super().keyboard_target()

    def handle_key(self, event: QKeyEvent) -> bool:
        """Lead to the folder above with Backspace."""
        is_files = self.form is None and self.below is self.files.view
        if is_files and event.key() == K.Key_Backspace and not self.files.view.field.text():
            self.files.up()
            return True
        return super().handle_key(event)

    def step(self, by: int) -> None:
        """Choose another line, or move the preview."""
        lists: dict[object, RowList] = {
            self.files.view: self.files.view.list,
            self.templates: self.templates.list,
        }
        if self.below is self.preview:
            self.preview.step(by)
        else:
            lists.get(self.below, self.list).move(by)

    # what can be done

    def list_acts(self) -> tuple[Act, ...]:
        """Return what can be done now."""
        if self.below is self.files.view:
            return (self._enter(_("Open"), _("The chosen folder or file"), self.files.enter),)
        if self.below is self.templates:
            take = self._enter(_("Take it"), _("Write with this template"), self._take_template)
            return (take,) if self.templates.chosen else ()
        send = self._send_acts()
        return send if self.below is self.preview else (self._change_act(), *send, *self._drop())

    def _enter(self, title: str, note: str, do: Callable[[], None]) -> Act:
        return Act(key=K.Key_Return, title=title, help=note, rank=Rank.FIRST, do=do)

    def _change_act(self) -> Act:
        return Act(
            key=K.Key_Return,
            title=_("Change"),
            help=_("The chosen part of the mailing"),
            rank=Rank.PLAIN if self._is_ready else Rank.FIRST,
            do=self._change,
        )

    @property
    def _is_ready(self) -> bool:
        return bool(self.sheet.subject and self.sheet.body)

    def _send_acts(self) -> tuple[Act, ...]:
        look = Act(
            key=K.Key_F5,
            title=_("Preview"),
            help=_("As the first of them will see it"),
            do=self._ask_preview,
        )
        test = Act(
            key=K.Key_F6,
            title=_("Test"),
            help=_("Mail it to yourself, as the first of them would get it"),
            do=self._ask_test,
        )
        send = Act(
            key=K.Key_F8,
            title=_("Send"),
            help=_("Leave it to the queue, after a question; selling goes on meanwhile"),
            rank=Rank.FIRST if self._is_ready else Rank.PLAIN,
            do=self._send,
        )
        return (test, send) if self.below is self.preview else (look, test, send)

    def _drop(self) -> tuple[Act, ...]:
        key = str(self.list.key or "")
        if key.startswith((parts.FILE, parts.EXPORT)):
            take_out = Act(
                key=K.Key_Delete,
                title=_("Take it out"),
                help=_("Let the chosen file not go along"),
                do=self._take_out,
            )
            return (take_out,)
        if self.sheet.is_blank:
            return ()
        return (
            Act(
                key=K.Key_Delete,
                shift=True,
                title=_("Begin anew"),
                help=_("Throw away what was written; pressed twice"),
                do=self._begin_anew,
            ),
        )

    # the parts

    def _change(self) -> None:
        self._question.forget()
        self.say(None)
        act = {
            parts.TO: self._ask_audience,
            parts.TEMPLATE: self._ask_template,
            parts.WORDS: self._ask_words,
            parts.STATEMENT: self._switch_statement,
            parts.FILES: self.files.begin,
        }.get(str(self.list.key))
        if act is not None:
            act()

    def _ask_audience(self) -> None:
        form = AudienceForm(self.sheet.audience)

        def done() -> None:
            self.sheet.audience, self.sheet.chosen = form.read(), None
            self._rest.stop()
            self._part_done(parts.TEMPLATE)

        self.open_form(form, _("To whom the mailing goes"), done, save=_("Done"))
        form.changed.connect(self._rest.start)
        self._count_form()

    def _count_form(self) -> None:
        form = self.form
        if isinstance(form, AudienceForm):
            self._count(form.read(), form.show_count)

    def _ask_words(self) -> None:
        form = LetterForm(known_fields(self.sheet.audience.kind))
        form.subject.show_text(self.sheet.subject)
        form.body.show_text(self.sheet.body)
        form.html.show_text(self.sheet.html)

        def done() -> None:
            typed = form.read()
            self.sheet.subject, self.sheet.body, self.sheet.html = (
                typed.subject,
                typed.body,
                typed.html,
            )
            self._part_done(parts.WORDS)

        self.open_form(form, _("What it says"), done, save=_("Done"))

    def _part_done(self, next_part: str) -> None:
        self.list.want(next_part)
        self.close_form()
        self.say(None)
        self.refresh()

    def _switch_statement(self) -> None:
        self.sheet.with_statement = not self.sheet.with_statement
        self._show()

    def _attach(self, path: Path) -> None:
        """Let a file go along, where it can be read and all of them are not too much."""
        files = self.office.shop.mail.files
        wanted = [*self.sheet.files, *([] if path in self.sheet.files else [path])]

        def done(_checked: None) -> None:
            self.sheet.files = wanted
            self.show_instead(None)
            self.list.want(f"{parts.FILE}{path}")
            self._show()
            self.say(_("{file} goes along.").format(file=path.name))

        self.submit_long(lambda: files.check(wanted), done)

    def _take_out(self) -> None:
        name = self.sheet.take_out(str(self.list.key))
        if name:
            self._show()
            self.say(_("{file} does not go along.").format(file=name))

    def _begin_anew(self) -> None:
        if not self._question.confirmed(_BEGIN_ANEW):
            self._ask_first(_("Throw away what was written? ⇧ Del does so."))
            return
        self.sheet = Sheet()
        self.say(None)
        self.list.choose_first()
        self.refresh()

    # templates

    def _ask_template(self) -> None:
        def show(found: Sequence[MailTemplate]) -> None:
            self.templates.show_templates(found)
            self._show_view(self.templates)

        self.ask(self.office.shop.mail.templates.listed, show)

    def _take_template(self) -> None:
        template = self.templates.chosen
        if template is None:
            return
        is_own = self.sheet.has_words and not self.sheet.template
        if is_own and not self._question.confirmed(_TEMPLATE):
            self._ask_first(_("What you have written gives way to the template: Enter takes it."))
            return
        form = template.form
        self.sheet.template = form.name
        self.sheet.subject, self.sheet.body, self.sheet.html = form.subject, form.body, form.html
        self.show_instead(None)
        self._part_done(parts.WORDS)

    # looked at, tried, sent

    def _ask_preview(self) -> None:
        self._preview(self._show_preview)

    def _preview(self, then: Callable[[Preview], None]) -> None:
        """Make the preview beside the lane: it chooses everybody anew."""
        self._forget()
        mailing, actor = self.office.shop.mail.mailing, self.office.actor
        letter, audience = self.sheet.letter, self.sheet.audience
        self.submit_long(lambda: mailing.preview(letter, audience, actor=actor), then)

    def _show_preview(self, preview: Preview) -> None:
        self._counted(preview.chosen)
        note = joined(
            " · ",
            (
                _("As {name} will see it").format(name=preview.name),
                wording.chosen_words(preview.chosen),
                wording.left_out_words(preview.chosen),
            ),
        )
        self.preview.show_words(preview.words, note)
        self._show_view(self.preview)

    def _ask_test(self) -> None:
        self._question.forget()
        self.say(None)
        address = FormField(_("E-mail address"), longest=_LONGEST_ADDRESS, is_address=True)
        address.show_text(self._tested_at)
        form = Form(_("Test"), (address,))
        title = _("Mail it to yourself, as the first of them would get it")
        self.open_form(form, title, lambda: self._test(address.text), save=_("Send the test"))

    def _test(self, address: str) -> None:
        mailing, actor = self.office.shop.mail.mailing, self.office.actor
        letter, audience = self.sheet.letter, self.sheet.audience

        def done(mail: Mail) -> None:
            self._tested_at = address
            self.close_form()
            text = _("Mail {number} goes to {address} alone, as a test.")
            self.say(text.format(number=mail.number, address=address))

        self.submit_long(lambda: mailing.test(letter, audience, address, actor=actor), done)

    def _send(self) -> None:
        """Ask once, with how many get it; then leave it to the queue."""
        if self._question.confirmed(_SEND):
            self.say(None)
            self._leave_to_queue()
        else:
            self._question.forget()
            self._preview(self._ask_to_send)

    def _ask_to_send(self, preview: Preview) -> None:
        self._counted(preview.chosen)
        count = len(preview.chosen.parties)
        text = ngettext(
            "{count:,} gets this mail.", "{count:,} get this mail, each their own.", count
        ).format(count=count)
        self._question.ask(_SEND)
        left_out = wording.left_out_words(preview.chosen)
        self._ask_first(joined(" ", (text, left_out, _("F8 sends it."))))

    def _leave_to_queue(self) -> None:
        """Leave it on the lane; beside it where files are to be copied."""
        mailing, actor = self.office.shop.mail.mailing, self.office.actor
        letter, audience = self.sheet.letter, self.sheet.audience
        run = self.submit_long if letter.files else self.submit
        run(lambda: mailing.send(letter, audience, actor=actor), self._sent)

    def _sent(self, mail: Mail) -> None:
        sentence = _("Mail {number} is under way: here stands what becomes of it.")
        if not self.office.shop.mail.setup.is_set_up:
            sentence = _(
                "Mail {number} waits until mail is set up: here stands what becomes of it."
            )
        self.sheet = Sheet()
        self.show_instead(None)
        self.list.choose_first()
        self.handed_on.emit("mail", sentence.format(number=mail.number))

    def _ask_first(self, question: str) -> None:
        self.say(Notice(question, Tone.WARNING))
        self.tell_acts()

    def _forget(self) -> None:
        if self._question.forget():
            self.say(None)

    def refuse(self, error: Exception) -> None:
        """Say why something was not done; all that was written stays."""
        self._question.forget()
        super().refuse(error)
