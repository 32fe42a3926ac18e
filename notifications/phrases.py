"""A message to one person, and the small words that messages are made of."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from events.models import Event
from identity.models import User
from marketplace.models import Service

Said = tuple[str, str]


@dataclass(frozen=True)
class Note:
    """Something to tell one person. `say` is called in that person's language; `key` names what is told."""

    user: User
    key: str
    say: Callable[[], Said]


def pk_of(event: Event) -> int:
    return int(event.subject.partition(":")[2])


def letter(words: str, path: str) -> str:
    return f"{words}\n\n{settings.SITE_URL}{path}\n"


def name_of(service: Service) -> str:
    return str(service.name_en if (get_language() or "nl").startswith("en") else service.name_nl)


def moment(moment: datetime) -> str:
    local = timezone.localtime(moment)
    clock = date_format(local, "G.i" if (get_language() or "nl").startswith("nl") else "G:i")
    return _("%(day)s om %(clock)s uur") % {"day": date_format(local, "l j F"), "clock": clock}


def hours(minutes: int) -> str:
    whole, left = divmod(minutes, 60)
    return _("%(hours)s uur") % {"hours": f"{whole}:{left:02d}" if left else whole}


def euros(cents: int) -> str:
    mark = "." if (get_language() or "nl").startswith("en") else ","
    return f"{cents // 100}{mark}{cents % 100:02d}"
