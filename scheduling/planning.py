"""Make a draft plan of a neighbourhood's week: rows to problem, problem to plan, plan to rows."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from events.recording import record
from identity.models import Neighbourhood, User
from kernel.errors import Refused
from scheduling import explaining
from scheduling.engine.model import Plan as EnginePlan
from scheduling.engine.model import Problem, Visit
from scheduling.engine.solve import Solution, solve
from scheduling.engine.stop import Seconds, Stop
from scheduling.models import DraftVisit, Plan, Unassigned
from scheduling.week_problem import Week, problem

MOST_SECONDS = 300  # a task is killed after twice as long


class NotAMonday(Refused):
    """A plan is made for a week, which starts on a Monday."""


class NotANumberOfSeconds(Refused):
    """The engine gets at least a second, and no more than a task may last."""


@transaction.atomic(durable=True)
def ask(neighbourhood_id: int, *, monday: date, seconds: int, seed: int, by: User, at: datetime) -> Plan:
    """Ask for a plan; a worker makes it.

    :raises NotAMonday: the day is another one.
    :raises NotANumberOfSeconds: it would not be done in time.
    """
    if not 1 <= seconds <= MOST_SECONDS:
        raise NotANumberOfSeconds(_("Kies 1 tot %(most)s seconden.") % {"most": MOST_SECONDS})
    if monday.weekday() != 0:
        raise NotAMonday(_("Kies een maandag."))
    plan = Plan.objects.create(
        neighbourhood_id=neighbourhood_id, monday=monday, seconds=seconds, seed=seed, asked_at=at, asked_by=by
    )
    record("plan.asked", plan, by_id=by.pk, at=at)
    return plan


def make(plan_id: int, *, at: datetime, stop: Stop | None = None) -> Plan:
    """Run the engine and write the draft. Killed half-way and run again, it leaves one draft.

    :param stop: ends the search; the seconds that were asked when it is not given.
    """
    plan = Plan.objects.select_related("neighbourhood").get(pk=plan_id)
    if plan.state != Plan.State.ASKED:
        return plan
    week = problem(plan.neighbourhood, plan.monday, now=at)
    solution = solve(week, stop=stop or Seconds(plan.seconds), seed=plan.seed)
    return _write(plan_id, week, solution, at=at)


@transaction.atomic(durable=True)
def _write(plan_id: int, week: Problem, solution: Solution, *, at: datetime) -> Plan:
    plan = Plan.objects.select_for_update(no_key=True).get(pk=plan_id)
    if plan.state != Plan.State.ASKED:
        return plan
    _write_visits(plan, week, solution)
    Unassigned.objects.bulk_create(
        Unassigned(
            plan=plan, booking_id=int(reason.job), code=reason.code,
            reason_nl=reason.say("nl")[:300], reason_en=reason.say("en")[:300],
        )
        for reason in solution.unserved
    )  # fmt: skip
    Plan.objects.filter(neighbourhood=plan.neighbourhood, monday=plan.monday, state=Plan.State.DRAFT).update(
        state=Plan.State.DROPPED
    )
    plan.state, plan.made_at, plan.figures = Plan.State.DRAFT, at, _figures(week, solution)
    plan.save(update_fields=["state", "made_at", "figures"])
    record("plan.made", plan, by_id=None, at=at, **plan.figures)
    return plan


def _write_visits(plan: Plan, week: Problem, solution: Solution) -> None:
    """Write the draft's visits; a visit that was published before is not a draft."""
    clock, why = Week(plan.monday), explaining.reasons(week, solution.plan)
    fresh = {visit.job: visit for visit in solution.plan.visits if visit.job in why}
    rows = DraftVisit.objects.bulk_create(
        DraftVisit(plan=plan, booking_id=int(job), start_at=clock.moment(visit.start), why=why[job])
        for job, visit in fresh.items()
    )
    sent = DraftVisit.workers.through
    sent.objects.bulk_create(
        sent(draftvisit_id=row.pk, worker_id=int(worker))
        for row in rows
        for worker in fresh[str(row.booking_id)].workers
    )


@transaction.atomic(durable=True)
def fail(plan_id: int, *, why: str, at: datetime) -> None:
    """Note that a plan could not be made, so that somebody can ask for another."""
    plan = Plan.objects.select_for_update(no_key=True).get(pk=plan_id)
    if plan.state == Plan.State.ASKED:
        plan.state, plan.error = Plan.State.FAILED, why
        plan.save(update_fields=["state", "error"])
        record("plan.failed", plan, by_id=None, at=at)


def neighbourhood_week(neighbourhood_id: int, monday: date, *, now: datetime | None = None) -> Problem:
    """Return the engine's problem of a neighbourhood's week."""
    return problem(Neighbourhood.objects.get(pk=neighbourhood_id), monday, now=now)


def draft_of(plan: Plan) -> EnginePlan:
    """Return a draft as the engine reads it."""
    clock = Week(plan.monday)
    return EnginePlan(
        tuple(
            Visit(
                str(row.booking_id), clock.minute(row.start_at), tuple(str(w.pk) for w in row.workers.all())
            )
            for row in plan.visits.prefetch_related("workers")
        )
    )


def _figures(week: Problem, solution: Solution) -> dict[str, Any]:
    asked = sum(job.team * job.minutes for job in week.jobs)
    return {
        "asked_minutes": asked,
        "unserved_minutes": solution.score.unserved_minutes,
        "unserved_slots": solution.score.unserved_slots,
        "soft_cost": solution.score.soft_cost,
        "parts": dict(solution.score.parts),
        "iterations": solution.iterations,
    }
