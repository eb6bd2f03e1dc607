"""The people of the shop: who works here, as what, and who has left."""

from __future__ import annotations

from PySide6.QtCore import Qt

from pos_desktop.domain.text import _, joined
from pos_desktop.services.people.staffing import Employee
from pos_desktop.ui.kit.acts import Act
from pos_desktop.ui.kit.list_row import ListRow
from pos_desktop.ui.kit.pill import Tone
from pos_desktop.ui.kit.question import Question
from pos_desktop.ui.kit.strip import Notice
from pos_desktop.ui.kit.tile import Rank
from pos_desktop.ui.screens.office.list_page import ListPage
from pos_desktop.ui.screens.office.office import Office
from pos_desktop.ui.screens.office.staff_forms import AddForm, ChangeForm, PinForm

K = Qt.Key


class StaffPage(ListPage):
    """Lists the people; those who have left on request."""

    def __init__(self, office: Office) -> None:
        super().__init__(office, _("Staff"), listed=_("People"))
        self._everybody: list[Employee] = []
        self._shows_left = False
        self._question = Question()
        """Whether somebody is to be let go, by login."""
        self.list.chosen.connect(self._forget_question)

    @property
    def chosen(self) -> Employee | None:
        """Whose line is chosen."""
        found = (one for one in self._everybody if one.person.login == self.list.key)
        return next(found, None)

    def refresh(self) -> None:
        """Read who works here."""
        staffing, actor = self.office.shop.staffing, self.office.actor
        self.ask(lambda: staffing.everybody(actor=actor), self._show)

    def retell(self) -> None:
        """Say all of it in the language that is spoken now."""
        super().retell()
        self._show(self._everybody)

    def _show(self, everybody: list[Employee]) -> None:
        self._everybody = everybody
        rows = [_row(one) for one in everybody if one.active or self._shows_left]
        self.show_rows(rows, (_("Nobody is here"), _("F2 adds the first person.")))

    def list_acts(self) -> tuple[Act, ...]:
        """Return what can be done to the chosen person."""
        here = self.chosen is None or self.chosen.active
        going = Act(
            key=K.Key_Delete,
            title=_("Has left"),
            help=_("Nobody signs in under this name any more"),
            do=self._let_go,
        )
        back = Act(
            key=K.Key_Delete,
            title=_("Take back"),
            help=_("The person can sign in again"),
            do=self._take_back,
        )
        return (
            Act(
                key=K.Key_Return,
                title=_("Edit"),
                help=_("Name and role of the chosen person"),
                rank=Rank.FIRST,
                do=self._change,
            ),
            Act(
                key=K.Key_F2,
                title=_("Add a person"),
                help=_("Name, login, role and PIN"),
                do=self._add,
            ),
            Act(
                key=K.Key_F3,
                title=_("New PIN"),
                help=_("Give the chosen person another PIN; a lock-out ends"),
                do=self._new_pin,
            ),
            Act(
                key=K.Key_F4,
                title=_("Hide who left") if self._shows_left else _("Show who left"),
                help=_("List those who have left too, or not"),
                do=self._toggle_left,
            ),
            going if here else back,
        )

    # what is done

    def _add(self) -> None:
        roles, logins = self.office.shop.staffing.roles, self._logins()

        def show(form: AddForm) -> None:
            self.open_form(form, _("Add a person"), lambda: self._save_new(form), save=_("Add"))

        self.ask(roles, lambda found: show(AddForm(found, logins)))

    def _logins(self) -> set[str]:
        return {one.person.login for one in self._everybody}

    def _save_new(self, form: AddForm) -> None:
        staffing, actor = self.office.shop.staffing, self.office.actor
        self.say(None)
        new = self.typed(form.read)
        if new is None:
            return

        def work() -> str:
            return staffing.add(
                login=new.login, name=new.name, role=new.role, pin=new.pin, actor=actor
            ).login

        def done(login: str) -> None:
            self.list.want(login)
            sentence = _("{name} signs in as {login} with that PIN.")
            self.saved(sentence.format(name=new.name, login=login))

        self.submit(work, done)

    def _change(self) -> None:
        employee = self.chosen
        if employee is None:
            return
        person = employee.person

        def show(form: ChangeForm) -> None:
            title = _("Change {name}").format(name=person.name)
            self.open_form(form, title, lambda: self._save(employee, form), save=_("Save"))

        roles = self.office.shop.staffing.roles
        self.ask(roles, lambda found: show(ChangeForm(person, found)))

    def _save(self, employee: Employee, form: ChangeForm) -> None:
        staffing, actor = self.office.shop.staffing, self.office.actor
        person, name, role = employee.person, form.name.text, form.role.key

        def work() -> None:
            if name != person.name:
                staffing.rename(person.login, name, actor=actor)
            if role != person.role.name:
                staffing.give_role(person.login, role, actor=actor)

        sentence = _("Saved. The role of {name} holds from now on.").format(name=name)
        self.submit(work, lambda _done: self.saved(sentence))

    def _new_pin(self) -> None:
        employee = self.chosen
        if employee is not None:
            form = PinForm()
            title = _("A new PIN for {name}").format(name=employee.person.name)
            self.open_form(form, title, lambda: self._save_pin(employee, form), save=_("Save"))

    def _save_pin(self, employee: Employee, form: PinForm) -> None:
        staffing, actor = self.office.shop.staffing, self.office.actor
        person = employee.person
        pin = self.typed(form.read)
        if pin is None:
            return
        self.submit(
            lambda: staffing.set_pin(person.login, pin, actor=actor),
            lambda _done: self.saved(_("{name} has a new PIN.").format(name=person.name)),
        )

    def _toggle_left(self) -> None:
        self._shows_left = not self._shows_left
        self._show(self._everybody)

    def _let_go(self) -> None:
        employee = self.chosen
        if employee is None:
            return
        person, staffing, actor = employee.person, self.office.shop.staffing, self.office.actor
        if not self._question.confirmed(person.login):
            sentence = _(
                "Let {name} go? Del again: nobody signs in as {login} any more; what {name} did "
                "stays in the books."
            )
            text = sentence.format(name=person.name, login=person.login)
            self.say(Notice(text, Tone.WARNING))
            return
        sentence = _("{name} has left. F4 shows who left, Del takes them back.")
        self.submit(
            lambda: staffing.let_go(person.login, actor=actor),
            lambda _done: self.saved(sentence.format(name=person.name)),
        )

    def _take_back(self) -> None:
        employee = self.chosen
        if employee is None:
            return
        person, staffing, actor = employee.person, self.office.shop.staffing, self.office.actor
        sentence = _("{name} can sign in as {login} again, with the old PIN.")
        self.submit(
            lambda: staffing.take_back(person.login, actor=actor),
            lambda _done: self.saved(sentence.format(name=person.name, login=person.login)),
        )

    def _forget_question(self) -> None:
        if self._question.forget():
            self.say(None)


def _row(employee: Employee) -> ListRow:
    person = employee.person
    return ListRow(
        key=person.login,
        title=person.name,
        note=joined(" · ", (person.login, person.role.label)),
        chip="" if employee.active else _("Has left"),
        faded=not employee.active,
    )
