"""Write down what a municipality decided."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from events.recording import record
from identity.models import Municipality, User
from kernel.errors import Refused
from payroll.models import WorkerFile
from subsidies import loonkosten
from subsidies.models import Award, ClaimLine
from workers_pool.models import Worker

MOST_WEEK_MINUTES, HUNDRED_PERCENT = 60 * 60, 100


class TwoAtOnce(Refused):
    """Another award holds on the same days."""


class NotADecision(Refused):
    """The fields of the letter contradict each other."""


@transaction.atomic(durable=True)
def grant(worker_id: int, *, by: User, at: datetime, **letter: Any) -> Award:
    """Write down a decision that came in: see `write_down` for its fields and what is refused."""
    return write_down(worker_id, by=by, at=at, **letter)


def write_down(  # noqa: PLR0913 - the fields of a decision letter
    worker_id: int, *, municipality: Municipality, route: str, wage_value: Decimal | None, week_minutes: int,
    from_on: date, until_on: date | None, letter: str, by: User, at: datetime,
) -> Award:  # fmt: skip
    """Write down a decision; the reference wage it starts with follows from its first day. Step: the caller owns
    the transaction.

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


@transaction.atomic(durable=True)
def succeed(
    award_id: int, *, wage_value: Decimal, week_minutes: int, from_on: date, letter: str, by: User, at: datetime,
    until_on: date | None = None,
) -> Award:  # fmt: skip
    """Write down the decision that follows a running one: measured after a forfait, another wage value, other hours.

    A change of hours alone keeps the reference wage of the running decision; a measurement starts with its own.

    :raises NotADecision: the running one does not hold that day, or a claim already counted on it.
    """
    running = Award.objects.select_for_update(no_key=True).get(pk=award_id)
    _close(running, from_on)
    hours_only = running.route == Award.Route.MEASURED and running.wage_value == wage_value
    _check(Award.Route.MEASURED, wage_value, week_minutes, from_on, until_on)
    base = (
        loonkosten.base_in(from_on.year, terms_of(running, from_on)) if hours_only
        else loonkosten.base_of_new_decision(from_on)
    )  # fmt: skip
    award = Award.objects.create(
        worker_id=running.worker_id, municipality_id=running.municipality_id, route=Award.Route.MEASURED,
        wage_value=wage_value, week_minutes=week_minutes, base_on=base, from_on=from_on, until_on=until_on, letter=letter,
    )  # fmt: skip
    record("award.granted", award, by_id=by.pk, at=at, follows=running.pk)
    return award


@transaction.atomic(durable=True)
def end(award_id: int, *, until_on: date, by: User, at: datetime) -> Award:
    """End a decision before its time; `until_on` is the day after the last.

    :raises NotADecision: it does not hold that day, or a claim already counted on it.
    """
    award = Award.objects.select_for_update(no_key=True).get(pk=award_id)
    _close(award, until_on)
    record("award.ended", award, by_id=by.pk, at=at, until_on=str(until_on))
    return award


def _close(award: Award, until_on: date) -> None:
    """Let a decision end earlier; a forfait that ended by itself keeps its end."""
    ends = _ends(award.route, award.from_on, award.until_on)
    if not award.from_on < until_on <= ends:
        raise NotADecision(_("De lopende beschikking geldt niet op die dag."))
    claimed = ClaimLine.objects.filter(award=award, until_on__gt=until_on).exclude(
        state=ClaimLine.State.REFUSED
    )
    if claimed.exists():
        raise NotADecision(_("Over dagen na die datum is al subsidie gevraagd."))
    award.until_on = until_on
    award.save(update_fields=["until_on"])


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
