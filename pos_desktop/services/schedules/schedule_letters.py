"""What comes round by itself is written here: the Z of a day, the sales of a week, what is low."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from pos_hardware.document import ReceiptDocument
from pos_queue.context import JobContext
from pos_queue.errors import GiveUp

from pos_desktop.domain.clock import Clock
from pos_desktop.domain.export import ExportWish, FileForm
from pos_desktop.domain.ids import Id
from pos_desktop.domain.mail import MailKind
from pos_desktop.domain.mail_template import literal
from pos_desktop.domain.money import format_amount
from pos_desktop.domain.product import ProductCard, ProductChoice
from pos_desktop.domain.quantity import format_quantity
from pos_desktop.domain.schedule import ScheduleName
from pos_desktop.domain.text import _, ngettext, speaking
from pos_desktop.services.configuration import Configuration
from pos_desktop.services.mail.mail_attachments import (
    paper_attachment,
    report_attachment,
)
from pos_desktop.services.mail.mail_papers import paper_text
from pos_desktop.services.mail.mail_words import paper_page
from pos_desktop.services.reports.reporting import Reporting
from pos_desktop.services.schedules.schedule_post import ScheduledLetter, SchedulePost
from pos_desktop.services.shown_dates import shown_day
from pos_desktop.storage import print_jobs, product_cards, schedules
from pos_desktop.storage.database import ShopDatabase

_WEEK = timedelta(days=7)
_MOST_NAMED = 40
"""So many products stand in the words of a mail; all stand in its file."""
_TOLD = "products"
"""Which products were told to be low: a word of the schedule's memory."""


class ScheduleLetters:
    """What the jobs of schedules do."""

    def __init__(
        self,
        database: ShopDatabase,
        configuration: Configuration,
        post: SchedulePost,
        reporting: Reporting,
        clock: Clock,
    ) -> None:
        """Take the machine's `clock`, by which jobs run."""
        self._database = database
        self._configuration = configuration
        self._post = post
        self._reporting = reporting
        self._clock = clock

    def day(self, context: JobContext, z: str, paper: Id, *, by_hand: bool) -> None:
        """Leave the Z of a day, as it was printed."""
        schedule = self._post.wanted(ScheduleName.DAILY_Z, by_hand=by_hand)
        if schedule is None:
            return
        printed = print_jobs.find(self._database, paper)
        if printed is None:
            raise GiveUp(_("The Z that was to be sent is gone."))
        text = paper_text(ReceiptDocument.from_json(printed.body))
        letter = ScheduledLetter(
            about=f"{ScheduleName.DAILY_Z} {z}",
            subject=f"{z} · {{shop}}",
            body=literal(text),
            html=literal(paper_page(z, text)),
            attachments=[paper_attachment(paper, z)],
        )
        self._post.leave(context, schedule, letter, by_hand=by_hand)

    def week(self, context: JobContext, slot: str, *, by_hand: bool) -> None:
        """Leave the sales of the last whole week before a moment, or before now."""
        schedule = self._post.wanted(ScheduleName.WEEKLY_SALES, by_hand=by_hand)
        if schedule is None:
            return
        moment = datetime.fromisoformat(slot) if slot else self._clock.now()
        today = moment.astimezone(self._configuration.zone).date()
        monday = today - timedelta(days=today.weekday()) - _WEEK
        with speaking(schedule.form.language):
            letter = self._week(monday, schedule.form.language)
        self._post.leave(context, schedule, letter, by_hand=by_hand)

    def low_stock(self, context: JobContext, *, by_hand: bool) -> None:
        """Leave what has newly come to its reorder level; what was told is not told again."""
        schedule = self._post.wanted(ScheduleName.LOW_STOCK, by_hand=by_hand)
        if schedule is None:
            return
        low = product_cards.cards(self._database, ProductChoice(low=True))
        told = {*schedules.memory(self._database, schedule.name).get(_TOLD, ())}
        new = [card for card in low if card.id not in told]

        def remember() -> None:
            schedules.remember(self._database, schedule.name, {_TOLD: [one.id for one in low]})

        context.at_completion(remember)
        if not new and not (by_hand and low):
            self._post.say(context, schedule.name, _("Nothing new is low: no mail was needed."))
            return
        with speaking(schedule.form.language):
            letter = self._low(new or low, len(low), schedule.form.language, context.number)
        self._post.leave(context, schedule, letter, by_hand=by_hand)

    # what each of them says

    def _week(self, monday: date, language: str) -> ScheduledLetter:
        first, end = monday.isoformat(), (monday + _WEEK).isoformat()
        found = self._reporting.make("sales-summary", first, end, compare=True, actor=None)
        assert found.compared is not None
        now, before = found.totals, found.compared.totals
        amounts = (
            (_("Gross"), "gross_cents"),
            (_("VAT"), "vat_cents"),
            (_("Discounts given"), "discount_cents"),
        )
        last_day = (monday + _WEEK - timedelta(days=1)).isoformat()
        days = _("{first} to {last}").format(first=shown_day(first), last=shown_day(last_day))
        lines = [
            _("Sales from {days}:").format(days=days),
            "",
            _compared(_("Sales"), f"{now['sales']:,}", f"{before['sales']:,}"),
            *(
                _compared(name, format_amount(now[key]), format_amount(before[key]))
                for name, key in amounts
            ),
            "",
            _("The week day by day, beside the week before, is in the files."),
        ]
        wishes = [
            ExportWish(
                what="sales-by-day",
                form=form,
                first=first,
                end=end,
                compare=True,
                language=language,
            )
            for form in (FileForm.PDF, FileForm.XLSX)
        ]
        return ScheduledLetter(
            about=f"{ScheduleName.WEEKLY_SALES} {first}",
            subject=literal(_("Sales {days}").format(days=days)) + " · {shop}",
            body=literal("\n".join(lines)),
            attachments=[report_attachment(wish) for wish in wishes],
        )

    def _low(
        self, new: list[ProductCard], count: int, language: str, number: int
    ) -> ScheduledLetter:
        title = ngettext(
            "{count:,} product is low now", "{count:,} products are low now", len(new)
        ).format(count=len(new))
        lines = [f"{title}:", "", *map(_low_line, new[:_MOST_NAMED])]
        if len(new) > _MOST_NAMED:
            lines.append(_("and {count:,} more.").format(count=len(new) - _MOST_NAMED))
        words = ngettext(
            "In all {count:,} product is to be ordered: see the file.",
            "In all {count:,} products are to be ordered: see the file.",
            count,
        )
        lines += ["", words.format(count=count)]
        wish = ExportWish(what="low-stock", form=FileForm.PDF, language=language)
        return ScheduledLetter(
            about=f"{ScheduleName.LOW_STOCK} {number}",
            subject=literal(title) + " · {shop}",
            body=literal("\n".join(lines)),
            attachments=[report_attachment(wish)],
            kind=MailKind.ALERT,
        )


def _compared(name: str, now: str, before: str) -> str:
    words = _("{name}: {now}; the week before: {before}")
    return words.format(name=name, now=now, before=before)


def _low_line(card: ProductCard) -> str:
    words = _("{product}: {quantity} in stock, to be ordered at {level}")
    return words.format(
        product=card.form.name,
        quantity=format_quantity(card.in_stock),
        level=format_quantity(card.form.reorder_level or 0),
    )
