"""Why a mail that is under way does not go on, in the words of its job."""

from __future__ import annotations

from pos_queue.views.views import Views

from pos_desktop.domain.mail import MailState
from pos_desktop.domain.text import _, joined
from pos_desktop.storage.mails import Mail


def why_it_waits(mail: Mail, jobs: Views) -> str:
    """Return why the job of a mail does not go on, and what comes next; empty while it does."""
    if mail.state is not MailState.UNDER_WAY or mail.job is None:
        return ""
    detail = jobs.job(mail.job)
    if detail is None or not detail.view.error:
        return ""
    by_itself = _("It goes out by itself once the server answers.")
    is_offline = detail.view.state == "waiting_for_network"
    return joined(" ", (detail.view.error, by_itself if is_offline else ""))
