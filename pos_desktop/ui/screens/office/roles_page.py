"""The roles of the shop: what each may do, as a list that is switched line by line."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from pos_desktop.domain.percent import format_percent, parse_percent
from pos_desktop.domain.staff import BUILT_IN, Permission, Role
from pos_desktop.domain.text import _
from pos_desktop.services.people.permission_words import permission_words
from pos_desktop.ui.kit.acts import Act
from pos_desktop.ui.kit.choice import Choice
from pos_desktop.ui.kit.form import Form, FormField
from pos_desktop.ui.kit.list_row import ListRow
from pos_desktop.ui.kit.pill import Tone
from pos_desktop.ui.kit.question import Question
from pos_desktop.ui.kit.strip import Notice
from pos_desktop.ui.kit.tile import Rank
from pos_desktop.ui.screens.office.list_page import ListPage
from pos_desktop.ui.screens.office.office import Office

K = Qt.Key
_CEILING = "ceiling"
_LONGEST_NAME = 20
_COLUMNS = 5


class RolesPage(ListPage):
    """Shows one role at a time; what is switched holds from then on."""

    def __init__(self, office: Office) -> None:
        super().__init__(office, _("Roles"), listed=_("What the role may do"))
        self.roles: dict[str, Role] = {}
        self.choice = Choice(_("Role (← → chooses)"), columns=_COLUMNS)
        self.choice.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.choice.chosen.connect(self._another_role)
        self.list_view.insertWidget(0, self.choice)
        self._question = Question()
        """Whether a role is to be as at first, by name."""

    @property
    def role(self) -> Role | None:
        """The role that is shown."""
        return self.roles.get(self.choice.key)

    def refresh(self) -> None:
        """Read the roles."""
        self.ask(self.office.shop.staffing.roles, self._show)

    def retell(self) -> None:
        """Say all of it in the language that is spoken now."""
        super().retell()
        self._show_role()

    def _show(self, roles: list[Role]) -> None:
        self.roles = {role.name: role for role in roles}
        chosen = self.choice.key if self.choice.key in self.roles else roles[0].name
        self.choice.show_choices([(role.name, role.label) for role in roles], chosen)
        self._show_role()

    def _another_role(self, _name: str) -> None:
        self._question.forget()
        self.say(None)
        self.list.choose_first()
        self._show_role()

    def _show_role(self) -> None:
        role = self.role
        if role is not None:
            rows = [_ceiling_row(role), *(_row(role, one) for one in Permission)]
            self.show_rows(rows, (_("Nothing"), _("This role may do nothing.")))

    def list_acts(self) -> tuple[Act, ...]:
        """Return what can be done to the role that is shown."""
        acts = [
            Act(
                key=K.Key_Return,
                title=self._switch_words(),
                help=_("Switch the chosen line; it holds at once"),
                rank=Rank.FIRST,
                do=self._switch,
            ),
            Act(
                key=K.Key_F2,
                title=_("A role of our own"),
                help=_("Begin a role with what the shown one may do"),
                do=self._add,
            ),
        ]
        if self.role is not None and self.role.name in BUILT_IN:
            acts.append(
                Act(
                    key=K.Key_F8,
                    title=_("As at first"),
                    help=_("Give the role back what it may do in every shop"),
                    do=self._restore,
                )
            )
        return tuple(acts)

    def _switch_words(self) -> str:
        """Say what the chosen line becomes, in the words that stand in the lines."""
        role, key = self.role, self.list.key
        if role is None or key in (None, _CEILING):
            return _("Edit")
        is_allowed = role.may(Permission(key))
        return _("Let it need approval") if is_allowed else _("Let it be allowed")

    def handle_key(self, event: QKeyEvent) -> bool:
        """Choose the role with the arrows, switch a line with the space bar too."""
        if self.form is None:
            if event.key() == K.Key_Space:
                self._switch()
                return True
            if self.choice.handle_key(event):
                return True
        return super().handle_key(event)

    # what is done

    def _switch(self) -> None:
        role = self.role
        if role is None or self.list.key is None:
            return
        self._question.forget()
        if self.list.key == _CEILING:
            self._change_ceiling(role)
            return
        permission = Permission(self.list.key)
        allowed = role.permissions ^ {permission}
        title, _note = permission_words(permission)
        if permission in allowed:
            sentence = _("{role}: “{act}” is allowed from now on.")
        else:
            sentence = _("{role}: “{act}” needs approval from now on.")
        self._put(replace(role, permissions=allowed), sentence.format(role=role.label, act=title))

    def _put(self, role: Role, sentence: str) -> None:
        staffing, actor = self.office.shop.staffing, self.office.actor

        def done(_put: None) -> None:
            self.choice.key = role.name
            self.saved(sentence)

        self.submit(lambda: staffing.put_role(role, actor=actor), done)

    def _change_ceiling(self, role: Role) -> None:
        percent = FormField(_("Largest discount without approval, in percent"))
        percent.show_text(format_percent(role.ceiling_bp))
        form = Form(_("Discount"), (percent,))

        def save() -> None:
            ceiling = self.typed(lambda: parse_percent(percent.text.removesuffix("%")))
            if ceiling is None:
                return
            sentence = _("{role} gives up to {percent} % from now on.")
            text = sentence.format(role=role.label, percent=format_percent(ceiling))
            self._put(replace(role, ceiling_bp=ceiling), text)

        title = _("Discount of the role {role}").format(role=role.label)
        self.open_form(form, title, save, save=_("Save"))

    def _add(self) -> None:
        role = self.role
        if role is None:
            return
        name = FormField(
            _("Name of the role"), hint=_("One word, such as stockkeeper"), longest=_LONGEST_NAME
        )
        form = Form(_("A role of our own"), (name,))

        def save() -> None:
            new = replace(role, name=name.text.lower())
            if new.name in self.roles:
                text = _("There is a role {role} already; type another name.")
                self.say(Notice(text.format(role=new.name), Tone.DANGER))
                return
            self._put(new, _("{role} may do what is switched on here.").format(role=new.name))

        title = _("A role that begins with what the role {role} may do").format(role=role.label)
        self.open_form(form, title, save, save=_("Add"))

    def _restore(self) -> None:
        role = self.role
        if role is None:
            return
        if not self._question.confirmed(role.name):
            text = _("Give the role {role} back what it may do in every shop? F8 again does it.")
            self.say(Notice(text.format(role=role.label), Tone.WARNING))
            return
        staffing, actor = self.office.shop.staffing, self.office.actor
        sentence = _("{role} is again what it is in every shop.").format(role=role.label)
        self.submit(
            lambda: staffing.restore_role(role.name, actor=actor),
            lambda _done: self.saved(sentence),
        )


def _ceiling_row(role: Role) -> ListRow:
    return ListRow(
        key=_CEILING,
        title=_("Discount"),
        note=_("The largest of a line or cart that the role gives without approval"),
        right=_("up to {percent} %").format(percent=format_percent(role.ceiling_bp)),
    )


def _row(role: Role, permission: Permission) -> ListRow:
    title, note = permission_words(permission)
    allowed = role.may(permission)
    return ListRow(
        key=permission.value,
        title=title,
        note=note,
        chip=_("Allowed") if allowed else _("Needs approval"),
        tone=Tone.OK if allowed else Tone.QUIET,
    )
