"""How the till looks, sounds and speaks."""

from __future__ import annotations

from pos_desktop.domain.text import ENGLISH, LANGUAGES, _
from pos_desktop.settings.declaring import Scope, Setting, declare

SOUND = declare(
    Setting(
        "ui.sound",
        bool,
        default=True,
        scope=Scope.MACHINE,
        label=lambda: _("Sounds"),
        help=lambda: _("A high sound for what was taken, a low one for what was refused."),
    )
)
KEYPAD = declare(
    Setting(
        "ui.keypad",
        bool,
        default=False,
        scope=Scope.MACHINE,
        label=lambda: _("Keys for fingers"),
        help=lambda: _("Whether the number keys stand on the sell screen, as Ctrl K left them."),
        anybody=True,
        at_start=True,
    )
)
KIOSK = declare(
    Setting(
        "ui.kiosk",
        bool,
        default=False,
        scope=Scope.MACHINE,
        label=lambda: _("Kiosk"),
        help=lambda: _(
            "The till fills the screen without a frame, over everything else, and only a manager "
            "closes it; as pos-desktop --kiosk. Begins with the next start."
        ),
        at_start=True,
    )
)
LANGUAGE = declare(
    Setting(
        "ui.language",
        str,
        ENGLISH,
        Scope.MACHINE,
        lambda: _("Language"),
        lambda: _(
            "What the till speaks until somebody with a language of their own signs in: en is "
            "English, sw Swahili. POS_LANG in the environment comes before it."
        ),
        choices=LANGUAGES,
        anybody=True,
        at_start=True,
    )
)
THEME = declare(
    Setting(
        "ui.theme",
        str,
        "light",
        Scope.MACHINE,
        lambda: _("Theme"),
        lambda: _("Light or dark."),
        choices=("light", "dark"),
        anybody=True,
        at_start=True,
    )
)
UI_SCALE = declare(
    Setting(
        "ui.scale",
        int,
        100,
        Scope.MACHINE,
        lambda: _("Size of everything"),
        lambda: _(
            "How large the till is shown, in percent of what the system says; never larger than "
            "fits the screen. It is so when the window is opened the next time."
        ),
        lowest=100,
        highest=300,
        anybody=True,
        at_start=True,
    )
)
