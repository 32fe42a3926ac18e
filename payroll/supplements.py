"""Sunday and night: the minutes of work that pay more, as work on top of the work. Plain arithmetic."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from decimal import Decimal

from kernel.minutes import elapsed, moment
from kernel.periods import local_day, split_at_days
from lawbook import extra_pay
from payroll.payslip import Kind, Work

SUNDAY = 6


def on_top(works: Iterable[Work], scale: Callable[[date], str]) -> list[Work]:
    """Return the parts of works that earn a supplement; a night on a Sunday earns the higher of the two."""
    return [part for work in works for part in _parts(work, scale)]


def _parts(work: Work, scale: Callable[[date], str]) -> Iterator[Work]:
    for of_day in split_at_days(work.period):
        day = local_day(of_day.start)
        sunday = _share(scale(day), day, sunday=True) if day.weekday() == SUNDAY else Decimal(0)
        night = _share(scale(day), day, sunday=False)
        if not sunday and not night:
            continue
        morning = moment(day, extra_pay.NIGHT_UNTIL_MINUTE.on(day))
        for part in of_day.split([morning]):
            kind = _kind(sunday, night if part.start < morning else Decimal(0))
            if kind is not None and (minutes := elapsed(part.start, part.end)):
                yield Work(work.key, kind, part.start, minutes)


def _kind(sunday: Decimal, night: Decimal) -> Kind | None:
    if not sunday and not night:
        return None
    return Kind.SUNDAY if sunday >= night else Kind.NIGHT


def _share(scale: str, day: date, *, sunday: bool) -> Decimal:
    return extra_pay.supplement(scale, day, sunday=sunday)
