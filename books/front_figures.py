"""What the neighbourhood did this quarter, for whoever comes by; people are counted only when there are ten or more."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Sum

from books.suppression import LEAST, STEP
from kernel.periods import Period, add_months, moments
from scheduling.models import Assignment


@dataclass(frozen=True)
class Quarter:
    """Visits and minutes that were worked; people and customers in whole tens, or None when there are fewer than ten.

    The quarter runs: an exact count that is one more tomorrow would tell who came. A town with fewer than ten people
    is in no count, as its own report hides it.
    """

    visits: int
    minutes: int
    people: int | None
    customers: int | None


def quarter_of(day: date) -> Period[date]:
    """Return the calendar quarter of a day."""
    start = date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)
    return Period(start, add_months(start, 3))


def of_quarter(day: date) -> Quarter:
    """Return what was worked in the quarter of a day."""
    span = moments(quarter_of(day))
    worked = Assignment.objects.filter(
        state=Assignment.State.WORKED, visit__start_at__gte=span.start, visit__start_at__lt=span.end
    )
    found = worked.aggregate(
        visits=Count("visit", distinct=True), minutes=Sum("recorded_minutes"), customers=Count("visit__booking__customer", distinct=True),
    )  # fmt: skip
    towns = worked.values("worker__neighbourhood__municipality").annotate(
        people=Count("worker", distinct=True)
    )
    people = sum(town["people"] for town in towns if town["people"] >= LEAST)
    return Quarter(found["visits"], found["minutes"] or 0, _in_tens(people), _in_tens(found["customers"]))


def _in_tens(count: int) -> int | None:
    return count // STEP * STEP if count >= LEAST else None
