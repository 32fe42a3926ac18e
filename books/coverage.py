"""Who pays for the hours of a month or a year: cheques, subsidy, other public money; and how much of it is own."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Sum

from books import result
from books.result import Result, Row
from kernel.money import percentage
from kernel.periods import add_months, month_of
from payroll.models import PayRun
from scheduling.models import Assignment
from subsidies.models import Grant


@dataclass(frozen=True, slots=True)
class Coverage:
    """The result of a stretch of months, with other public money beside it."""

    hours: Result
    public_cents: int

    @property
    def income_cents(self) -> int:
        return self.hours.income_cents + self.public_cents

    @property
    def rest_cents(self) -> int:
        return self.income_cents - self.hours.cost_cents

    @property
    def percent(self) -> Decimal | None:
        """The part of the cost that is paid; None without cost."""
        return percentage(self.income_cents, self.hours.cost_cents) if self.hours.cost_cents > 0 else None

    @property
    def own_percent(self) -> Decimal | None:
        """The part that cheques pay, without public money."""
        return self.hours.own_ratio


def months() -> list[date]:
    """Return the months with hours or wages, the latest first."""
    worked = Assignment.objects.exclude(accepted_minutes=None).order_by("visit__start_at")
    first = worked.values_list("visit__start_at", flat=True).first()
    last = worked.values_list("visit__start_at", flat=True).last()
    paid = list(PayRun.objects.order_by("month").values_list("month", flat=True))
    days = [*(moment.date() for moment in (first, last) if moment), *paid]
    if not days:
        return []
    month, found = month_of(min(days)).start, []
    while month <= max(days):
        found.append(month)
        month = add_months(month, 1)
    return found[::-1]


def rows_of(stretch: Iterable[date]) -> list[Row]:
    """Return the result rows of months."""
    return [row for month in stretch for row in result.of_month(month)]


def of(stretch: Iterable[date]) -> Coverage:
    """Return the coverage of months."""
    listed = list(stretch)
    return Coverage(result.total(rows_of(listed)), public_money(listed))


def of_month(month: date) -> Coverage:
    """Return the coverage of one month."""
    return of([month_of(month).start])


def public_money(stretch: Iterable[date]) -> int:
    """Return reintegration money and grants of months, in cents."""
    live = Grant.objects.filter(month__in=list(stretch)).exclude(state=Grant.State.REFUSED)
    return int(live.aggregate(total=Sum("cents"))["total"] or 0)
