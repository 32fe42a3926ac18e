"""Minutes as people say them."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kernel.minutes import HOUR


def hours_in_words(minutes: int) -> str:
    """Return minutes in words: 3 uur 7 min."""
    hours, rest = divmod(minutes, HOUR)
    parts = [ngettext("%(count)s uur", "%(count)s uur", hours) % {"count": hours}] if hours else []
    parts += [_("%(count)s min") % {"count": rest}] if rest or not hours else []
    return " ".join(parts)
