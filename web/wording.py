"""How money, hours and moments are said to a person, in the language of the page.

Every figure carries its unit in words. Instants are shown in local time (the active Django time zone).
"""

from datetime import date, datetime

from django.utils import timezone, translation
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext


def euro(cents: int, form: str = "woorden") -> str:
    """Return an amount as a person reads it.

    Forms: "woorden" 30,00 euro; "heel" 30 euro when there are no cents; "teken" € 30,00; "kaal" 30,00 (in a column
    whose heading says euro).
    """
    figure = number_format(f"{abs(cents) // 100}.{abs(cents) % 100:02d}", decimal_pos=2, force_grouping=True)
    if form == "heel" and cents % 100 == 0:
        figure = number_format(abs(cents) // 100, force_grouping=True)
    figure = f"−{figure}" if cents < 0 else figure
    if form == "kaal":
        return figure
    if form == "teken":
        return f"€\N{NO-BREAK SPACE}{figure}"
    return _("%(figure)s euro") % {"figure": figure}


def hours(minutes: int, form: str = "woorden") -> str:
    """Return a length of time: "3 uur", "2 uur en 15 minuten", "1 kwartier"; form "kort" gives "2 u 15"."""
    sign = "−" if minutes < 0 else ""
    whole, rest = divmod(abs(minutes), 60)
    if form == "kort":
        return sign + (_("%(hours)s u %(minutes)02d") % {"hours": whole, "minutes": rest})
    if not whole and rest == 15:
        return sign + _("1 kwartier")
    in_hours = ngettext("%(count)s uur", "%(count)s uur", whole) % {"count": whole}
    in_minutes = ngettext("%(count)s minuut", "%(count)s minuten", rest) % {"count": rest}
    if not rest:
        return sign + in_hours
    if not whole:
        return sign + in_minutes
    return sign + (_("%(hours)s en %(minutes)s") % {"hours": in_hours, "minutes": in_minutes})


def _local(value: datetime) -> datetime:
    return timezone.localtime(value) if timezone.is_aware(value) else value


def clock(value: datetime, *, unit: bool = True) -> str:
    """Return a time of day: "9 uur", "9.30 uur"; in other languages than Dutch "9:00"."""
    moment = _local(value)
    if not (translation.get_language() or "nl").startswith("nl"):
        return f"{moment.hour}:{moment.minute:02d}"
    figure = f"{moment.hour}.{moment.minute:02d}" if moment.minute else str(moment.hour)
    return f"{figure} uur" if unit else figure


def _short() -> str:
    return "j b Y" if (translation.get_language() or "nl").startswith("nl") else "j M Y"


def day(value: date, form: str = "dag") -> str:
    """Return a day: "dag" dinsdag 24 november; "jaar" 24 november 2026; "vol" dinsdag 24 november 2026; "kort" 24 nov 2026."""
    local = _local(value) if isinstance(value, datetime) else value
    return date_format(local, {"dag": "l j F", "jaar": "j F Y", "vol": "l j F Y", "kort": _short()}[form])


def moment(value: date, form: str = "dag") -> str:
    """Return a day, with the time of day when the value has one: "dinsdag 24 november, 9 uur".

    Forms are those of `day`, and "tijd" 9 uur; "klok" 9:00 (for tables).
    """
    if not isinstance(value, datetime):
        return day(value, form)
    if form == "tijd":
        return clock(value)
    if form == "klok":
        local = _local(value)
        return f"{local.hour}:{local.minute:02d}"
    return f"{day(value, form)}, {clock(value)}"


def span(start: datetime, end: datetime) -> str:
    """Return a stretch of time on one day: "dinsdag 24 november, 9 tot 12 uur"."""
    return _("%(day)s, %(start)s tot %(end)s") % {
        "day": day(start),
        "start": clock(start, unit=False),
        "end": clock(end),
    }
