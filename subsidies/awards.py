"""Write down what a municipality decided."""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from events.recording import record
from identity.models import Municipality, User
from kernel.errors import Refused
from payroll.models import WorkerFile
from subsidies import loonkosten
from subsidies.models import Award
from workers_pool.models import Worker

MOST_WEEK_MINUTES, HUNDRED_PERCENT = 60 * 60, 100


class TwoAtOnce(Refused):
    """Another award holds on the same days."""


class NotADecision(Refused):
    """The fields of the letter contradict each other."""


@transaction.atomic(durable=True)
def grant(  # noqa: PLR0913 - the fields of a decision letter
    worker_id: int, *, municipality: Municipality, route: str, wage_value: Decimal | None, week_minutes: int,
    from_on: date, until_on: date | None, letter: str, by: User, at: datetime,
) -> Award:  # fmt: skip
    """Write down a decision; the reference wage it starts with follows from its first day.

    :raises NotADecision: no days, no hours, or a wage value that does not belong to the route.
    :raises TwoAtOnce: an award of this worker holds on one of the days.
    """
    _check(route, wage_value, week_minutes, from_on, until_on)
    Worker.objects.select_for_update(no_key=True).get(pk=worker_id)
    ends = _ends(route, from_on, until_on)
    for other in Award.objects.filter(worker_id=worker_id):
        if from_on < _ends(other.route, other.from_on, other.until_on) and other.from_on < ends:
            raise TwoAtOnce(_("Er loopt al een beschikking voor deze medewerker in die tijd."))
    award = Award.objects.create(
        worker_id=worker_id, municipality=municipality, route=route, wage_value=wage_value, week_minutes=week_minutes,
        base_on=loonkosten.base_of_new_decision(from_on), from_on=from_on, until_on=until_on, letter=letter,
    )  # fmt: skip
    record("award.granted", award, by_id=by.pk, at=at)
    return award


def _check(
    route: str, wage_value: Decimal | None, week_minutes: int, from_on: date, until_on: date | None
) -> None:
    if until_on is not None and until_on <= from_on:
        raise NotADecision(_("De beschikking eindigt voordat zij begint."))
    if not 0 < week_minutes <= MOST_WEEK_MINUTES:
        raise NotADecision(_("Vul de uren per week van de beschikking in."))
    if route == Award.Route.FORFAIT and wage_value is not None:
        raise NotADecision(_("Bij het forfait hoort geen loonwaarde."))
    if route != Award.Route.FORFAIT and (wage_value is None or not 0 <= wage_value <= HUNDRED_PERCENT):
        raise NotADecision(_("Vul de loonwaarde in als percentage van 0 tot en met 100."))


def _ends(route: str, from_on: date, until_on: date | None) -> date:
    return loonkosten.last_day_after(_route(route), from_on, until_on) or date.max


def _route(route: str) -> loonkosten.Route:
    return "forfait" if route == Award.Route.FORFAIT else "measured"


def terms_of(award: Award, birth_on: date) -> loonkosten.Terms:
    """Return an award as the arithmetic reads it."""
    return loonkosten.Terms(
        route=_route(award.route), wage_value=award.wage_value, week_minutes=award.week_minutes, birth_on=birth_on, base_on=award.base_on, from_on=award.from_on,
        until_on=award.until_on,
    )  # fmt: skip


def birth_days(awards: "list[Award]") -> dict[int, date]:
    """Return the birth days of the workers of awards, from their payroll files."""
    rows = WorkerFile.objects.filter(worker__in=[award.worker_id for award in awards])
    return dict(rows.values_list("worker_id", "birth_on"))
