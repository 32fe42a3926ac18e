"""Two plans of a week side by side, in the trade's words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from marketplace.models import Booking
from scheduling import drafting, weighting
from scheduling.engine.comparison import Comparison, compare
from scheduling.engine.model import Plan as EnginePlan
from scheduling.engine.model import Problem, Visit
from scheduling.models import Plan
from scheduling.week_problem import Week, problem
from workers_pool.models import Worker

PARTS: Mapping[str, Any] = {
    "unserved_minutes": _("Minuten hulp zonder iemand"),
    "unserved_slots": _("Plaatsen zonder iemand"),
    "changes": _("Wat anders is dan beloofd"),
    "soft_cost": _("Alle andere kosten samen"),
    "travel": _("Reistijd"),
    "continuity": _("Bekende gezichten gemist"),
    "series": _("Wisselende gezichten in een reeks"),
    "hours": _("Uren anders dan gewenst"),
    "learner": _("Leerlingen die meegaan"),
    "late": _("Late bezoeken"),
    "short": _("Korte dagen"),
    "split": _("Dagen met een gat"),
}


@dataclass(frozen=True)
class Line:
    """A booking that the two plans serve otherwise: with whom and when, in each."""

    booking: Booking
    before: tuple[Any, list[str]] | None
    after: tuple[Any, list[str]] | None


@dataclass(frozen=True)
class Compared:
    """The parts with their labels, and the lines that differ."""

    parts: list[tuple[Any, int, int, int]]
    lines: list[Line]
    is_better: bool | None


def whole(week: Problem, plan: Plan | None) -> EnginePlan:
    """Return what the week looks like with a plan: what is published, and the plan's visits in its place."""
    visits = dict(week.told)
    if plan is not None:
        visits |= {visit.job: visit for visit in drafting.draft_of(plan).visits if visit.job in week.job}
    return EnginePlan(tuple(visits.values()))


def compared(after: Plan, before: Plan | None) -> Compared:
    """Compare a plan with another plan of its week, or with what is published now."""
    week = problem(after.neighbourhood, after.monday, weights=weighting.weights())
    return in_words(week, Week(after.monday), compare(week, whole(week, before), whole(week, after)))


def in_words(week: Problem, clock: Week, found: Comparison) -> Compared:
    """Return a comparison with names in place of the engine's ids."""
    bookings = Booking.objects.select_related("customer", "service").in_bulk(
        [int(one.job) for one in found.jobs]
    )
    names = dict(Worker.objects.filter(pk__in=[int(w) for w in week.worker]).values_list("pk", "user__name"))

    def said(visit: Visit | None) -> tuple[Any, list[str]] | None:
        if visit is None:
            return None
        return clock.moment(visit.start), [names[int(worker)] for worker in visit.workers]

    return Compared(
        [(PARTS[part.name], part.before, part.after, part.difference) for part in found.parts],
        [Line(bookings[int(one.job)], said(one.before), said(one.after)) for one in found.jobs],
        found.is_better,
    )
