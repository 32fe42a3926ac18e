"""All that a worker is paid for a month: from facts to wage lines. Plain arithmetic, the same facts the same lines."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from functools import partial

from kernel.money import half_up
from kernel.periods import Period, local_day, start_of_day
from lawbook.wages import LEAVE_SHARE
from payroll.calls import Cancelled, extra_work, kept_hours
from payroll.payslip import Key, Kind, Rate, WageLine, Work, wage_lines
from payroll.supplements import on_top
from payroll.terms import Agreement

EARNS_LEAVE = frozenset({Kind.VISIT, Kind.TRAVEL, Kind.UNWORKED, Kind.TOP_UP, Kind.TRAINING, Kind.SICK})


@dataclass(frozen=True, slots=True)
class TimePaid:
    """Minutes of a day that are paid without a visit."""

    key: Key
    kind: Kind
    on: date
    minutes: int
    sick_since: date | None = None

    def as_work(self) -> Work:
        return Work(self.key, self.kind, start_of_day(self.on), self.minutes)


@dataclass(frozen=True)
class Facts:
    """What is known of a worker's month. Works and cancelled calls reach a week beyond it on both sides."""

    agreement: Agreement
    works: Sequence[Work] = ()
    cancelled: Sequence[Cancelled] = ()
    times: Sequence[TimePaid] = ()


def lines(facts: Facts, days: Period[date]) -> list[WageLine]:
    """Return the wage lines of the work that starts in a month, each minute at the rate of its own day.

    :raises LawMissing: the lawbook has no wage for a day with work.
    """
    own = [work for work in facts.works if local_day(work.start) in days]
    extra = [work for work in _unworked(facts) if local_day(work.start) in days]
    others = [row.as_work() for row in facts.times if row.kind != Kind.SICK and row.on in days]
    plain = [*own, *extra, *others]
    made = wage_lines(plain, days=_reach(days, plain), rate=facts.agreement.rate)
    return [*made, *_sick(facts, days), *_supplements(facts.agreement, own, days)]


def leave_minutes(paid: Sequence[WageLine], day: date) -> int:
    """Return the leave that the paid minutes of a month earn; supplements pay minutes that count already."""
    minutes = sum(line.minutes for line in paid if line.kind in EARNS_LEAVE)
    return half_up(minutes * Fraction(LEAVE_SHARE.on(day)))


def _unworked(facts: Facts) -> list[Work]:
    """Return cancelled time that is paid and the top-up of calls, by the contract of each day."""
    hours = facts.agreement.hours
    calls = [work for work in facts.works if hours(local_day(work.start)).three_hours]
    late = [call for call in facts.cancelled if hours(local_day(call.planned.start)).on_call]
    fixed = [call for call in facts.cancelled if not hours(local_day(call.planned.start)).on_call]
    return [
        *extra_work(calls, late),
        *kept_hours(facts.works, fixed, lambda day: hours(day).week_minutes),
    ]


def _sick(facts: Facts, days: Period[date]) -> list[WageLine]:
    rows = {row.on: row for row in facts.times if row.kind == Kind.SICK and row.on in days}
    if not rows:
        return []

    def rate(day: date) -> Rate:
        near = [on for on in rows if on <= day] or [min(rows)]
        return facts.agreement.sick_rate(day, rows[max(near)].sick_since or day)

    return wage_lines([row.as_work() for row in rows.values()], days=days, rate=rate)


def _supplements(agreement: Agreement, works: Sequence[Work], days: Period[date]) -> list[WageLine]:
    parts = on_top(works, lambda day: agreement.hours(day).scale)
    made: list[WageLine] = []
    for kind in (Kind.SUNDAY, Kind.NIGHT):
        of_kind = [part for part in parts if part.kind == kind]
        rate = partial(agreement.supplement, sunday=kind == Kind.SUNDAY)
        made += wage_lines(of_kind, days=_reach(days, of_kind), rate=rate)
    return made


def _reach(days: Period[date], works: Sequence[Work]) -> Period[date]:
    """Return the days of a month, with the morning after it when the last visit ends there."""
    last = max((local_day(work.period.end - timedelta(minutes=1)) for work in works), default=days.start)
    return Period(days.start, max(days.end, last + timedelta(days=1)))
