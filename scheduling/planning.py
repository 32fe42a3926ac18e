"""Make a draft plan of a neighbourhood's week: rows to problem, problem to plan, plan to rows."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from events.recording import record
from identity.models import Neighbourhood, User
from kernel.errors import Refused
from scheduling.engine.model import Plan as EnginePlan
from scheduling.engine.model import Problem, Visit
from scheduling.engine.solve import Solution, solve
from scheduling.engine.stop import Seconds, Stop
from scheduling.models import DraftVisit, Plan, Unassigned
from scheduling.travelling import minutes_between
from scheduling.week_problem import Week, problem


class NotAMonday(Refused):
    """A plan is made for a week, which starts on a Monday."""


@transaction.atomic(durable=True)
def ask(neighbourhood_id: int, *, monday: date, seconds: int, seed: int, by: User, at: datetime) -> Plan:
    """Ask for a plan; a worker makes it.

    :raises NotAMonday: the day is another one.
    """
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
    clock = Week(plan.monday)
    told = {visit.job for visit in week.published}
    for visit in solution.plan.visits:
        if visit.job not in told:
            row = DraftVisit.objects.create(
                plan=plan, booking_id=int(visit.job), start_at=clock.moment(visit.start),
                why=reasons(week, solution.plan, visit),
            )  # fmt: skip
            row.workers.set([int(worker) for worker in visit.workers])
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


def reasons(week: Problem, plan: EnginePlan, visit: Visit) -> dict[str, list[dict[str, str]]]:
    """Return why each of a visit's crew: a known face, the way there, the hours they would like."""
    job = week.job[visit.job]
    paid: dict[str, int] = {}
    for other in plan.visits:
        for name in other.workers:
            paid[name] = paid.get(name, 0) + week.job[other.job].minutes
    why: dict[str, list[dict[str, str]]] = {}
    for name in visit.workers:
        worker = week.worker[name]
        travel = minutes_between((worker.x, worker.y), (job.x, job.y), worker.mode)
        lines = []
        if name in job.regulars:
            lines.append({"nl": "kwam hier al eerder", "en": "has been here before"})
        lines.append({"nl": f"{travel} minuten van huis", "en": f"{travel} minutes from home"})
        hours, wanted = paid.get(name, 0) / 60, worker.wanted / 60
        lines.append({
            "nl": f"werkt zo {hours:.1f} van de {wanted:.1f} gewenste uren deze week".replace(".", ","),
            "en": f"works {hours:.1f} of {wanted:.1f} wanted hours this week this way",
        })  # fmt: skip
        if worker.skills.get(job.skill) == "learner":
            lines.append({"nl": "leert dit werk van een collega", "en": "learns this work from a colleague"})
        why[name] = lines
    return why


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
