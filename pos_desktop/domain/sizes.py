"""Sizes and spans as people say them."""

from __future__ import annotations

from datetime import timedelta

from pos_desktop.domain.text import _, ngettext

_UNITS = ((1_000_000_000, "GB"), (1_000_000, "MB"))


def size_words(size: int) -> str:
    """Return a size in bytes, in thousands as disks are sold: 312 KB, 4.1 MB, 1.9 GB.

    What is there is 1 KB at least.
    """
    for unit, name in _UNITS:
        if size >= unit:
            return f"{size / unit:.1f} {name}"
    return f"{-(-size // 1000)} KB"


def age_words(span: timedelta) -> str:
    """Return how old something is, that was made before such a span: 3 days old, just now."""
    if span < timedelta(seconds=30):
        return _("just now")
    return _("{age} old").format(age=span_words(span))


def span_words(span: timedelta) -> str:
    """Return a span in its largest unit: 3 days, 5 hours, 12 minutes."""
    minutes = max(0, round(span / timedelta(minutes=1)))
    if minutes < 120:
        return ngettext("{count} minute", "{count} minutes", minutes).format(count=minutes)
    hours = minutes // 60
    if hours < 48:
        return ngettext("{count} hour", "{count} hours", hours).format(count=hours)
    return _("{count} days").format(count=hours // 24)


def wait_words(seconds: int) -> str:
    """Return how long somebody has waited: two minutes are the first that are told as such."""
    if seconds >= 120:
        return span_words(timedelta(seconds=seconds))
    return ngettext("{count} second", "{count} seconds", seconds).format(count=seconds)
