"""What other weights would have done to a week that was published: weighed anew, and planned anew for a moment."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from identity.models import Neighbourhood
from kernel.errors import Refused
from scheduling.comparing import PARTS
from scheduling.engine.comparison import compare
from scheduling.engine.model import Plan as EnginePlan
from scheduling.engine.model import Weights
from scheduling.engine.score import Score, score
from scheduling.engine.solve import solve
from scheduling.engine.stop import Seconds, Stop
from scheduling.models import Plan
from scheduling.week_problem import problem

SECONDS = 1
"""Each of the two plans is searched for so long; somebody waits for the page."""


def a_moment() -> Stop:
    """Return what ends one of the searches."""
    return Seconds(SECONDS)


class NothingToTryOn(Refused):
    """No week of the neighbourhood was published yet."""


@dataclass(frozen=True)
class Part:
    """One part of the cost: how often it counts and what it weighs, now and then, as published and planned anew.

    `anew_now` and `anew_then` are its counts in a plan made with the weights of now, and with the others.
    """

    label: Any
    count: int
    weight_now: int
    weight_then: int
    anew_now: int
    anew_then: int

    @property
    def cost_now(self) -> int:
        return self.count * self.weight_now

    @property
    def cost_then(self) -> int:
        return self.count * self.weight_then

    @property
    def difference(self) -> int:
        """How often more it counts in the week planned with the other weights than with those of now."""
        return self.anew_then - self.anew_now


@dataclass(frozen=True)
class Trial:
    """A week under other weights. Minutes are unserved minutes: as published, planned anew now, planned anew then."""

    monday: date
    parts: tuple[Part, ...]
    unserved: tuple[int, int, int]
    jobs: int
    differs: int

    @property
    def cost_now(self) -> int:
        return sum(part.cost_now for part in self.parts)

    @property
    def cost_then(self) -> int:
        return sum(part.cost_then for part in self.parts)

    @property
    def unserved_difference(self) -> int:
        """How many minutes more go unserved with the other weights than with those of now."""
        return self.unserved[2] - self.unserved[1]


def last_week(neighbourhood: Neighbourhood) -> date | None:
    """Return the Monday of the last week that was published."""
    return (
        Plan.objects.filter(neighbourhood=neighbourhood, state=Plan.State.PUBLISHED)
        .order_by("-monday")
        .values_list("monday", flat=True)
        .first()
    )


def trial(
    neighbourhood: Neighbourhood,
    *,
    now: Weights,
    then: Weights,
    stop: Callable[[], Stop] = a_moment,
) -> Trial:
    """Weigh and plan the last week with the weights of now and with others. Nothing is written.

    Both plans start from what was published, and look equally long, so that what differs comes from the weights.

    :param stop: makes what ends each of the two searches.
    :raises NothingToTryOn: there is no such week.
    """
    monday = last_week(neighbourhood)
    if monday is None:
        raise NothingToTryOn(
            _("In deze buurt is nog geen rooster gepubliceerd. Er is niets om op te proberen.")
        )
    told = problem(neighbourhood, monday, weights=now)
    published = EnginePlan(told.published)
    week = replace(told, locked=frozenset(), published=())
    other = replace(week, weights=then)
    as_told = score(told, published)
    plans = [solve(one, stop=stop(), seed=1, start=published).plan for one in (week, other)]
    scores = [score(week, plan) for plan in plans]
    return Trial(
        monday, _parts(as_told, *scores, now=now, then=then),
        (as_told.unserved_minutes, scores[0].unserved_minutes, scores[1].unserved_minutes),
        len(week.jobs), len(compare(week, *plans).jobs),
    )  # fmt: skip


def _parts(
    told: Score, anew_now: Score, anew_then: Score, *, now: Weights, then: Weights
) -> tuple[Part, ...]:
    weights = asdict(now), asdict(then)
    return tuple(
        Part(
            PARTS[name], told.counts[name], weights[0][name], weights[1][name],
            anew_now.counts[name], anew_then.counts[name],
        )
        for name in weights[0]
    )  # fmt: skip
