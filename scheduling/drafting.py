"""A solution becomes rows, and rows become a plan again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from events.recording import record
from identity.models import Neighbourhood
from scheduling import explaining, promises
from scheduling.engine.bound import unserved_bound, unserved_slots_bound
from scheduling.engine.model import JobId, Problem, Visit
from scheduling.engine.model import Plan as EnginePlan
from scheduling.engine.reasons import Reason
from scheduling.engine.solve import Solution
from scheduling.models import DraftVisit, Plan, Unassigned
from scheduling.week_problem import Week

Why = Mapping[JobId, dict[str, list[explaining.Line]]]


class PromisedMeanwhile(Exception):
    """A customer was promised a start during the search; the plan must keep it too."""


@dataclass(frozen=True)
class _Ready:
    """What is written of a solution. Made before the transaction begins: to explain a week takes time."""

    visits: Sequence[Visit]
    why: Why
    unserved: Sequence[Reason]
    figures: dict[str, Any]


def write(plan: Plan, solution: Solution, *, promised: frozenset[str] | None, at: datetime) -> Plan:
    """Write what a run found as the week's draft, in place of the draft there was.

    A run that failed or was overtaken writes nothing, nor does one during which a plan of the week was published or
    undone: it planned for a week that is no more.

    :param promised: the promises that the run knew of; None when no more are waited for.
    :raises PromisedMeanwhile: there is another one; nothing is written.
    """
    week = solution.problem
    ready = _Ready(
        solution.plan.visits,
        explaining.reasons(week, solution.plan),
        solution.unserved,
        _figures(week, solution),
    )
    return _write(plan, ready, promised=promised, at=at)


@transaction.atomic(durable=True)
def _write(plan: Plan, ready: _Ready, *, promised: frozenset[str] | None, at: datetime) -> Plan:
    # one act at a time with `slots.book`, which promises
    Neighbourhood.objects.select_for_update(no_key=True).get(pk=plan.neighbourhood_id)
    mine = Plan.objects.select_for_update(no_key=True).get(pk=plan.pk)
    if mine.state != Plan.State.RUNNING or mine.run != plan.run:
        return mine
    if _is_stale(mine):
        mine.state, mine.made_at = Plan.State.DROPPED, at
        mine.save(update_fields=["state", "made_at"])
        record("plan.dropped", mine, by_id=None, at=at)
        return mine
    if promised is not None and promises.waiting(mine.neighbourhood_id, mine.monday) - promised:
        raise PromisedMeanwhile
    _write_visits(mine, ready.visits, ready.why)
    Unassigned.objects.bulk_create(
        Unassigned(
            plan=mine, booking_id=int(reason.job), code=reason.code,
            reason_nl=reason.say("nl")[:300], reason_en=reason.say("en")[:300],
        )
        for reason in ready.unserved
    )  # fmt: skip
    same_week = Plan.objects.filter(neighbourhood=mine.neighbourhood_id, monday=mine.monday)
    same_week.filter(state=Plan.State.DRAFT).update(state=Plan.State.DROPPED)
    mine.state, mine.made_at, mine.figures = Plan.State.DRAFT, at, ready.figures
    mine.save(update_fields=["state", "made_at", "figures"])
    record("plan.made", mine, by_id=None, at=at, **mine.figures)
    return mine


def _is_stale(plan: Plan) -> bool:
    """Whether a newer plan of the week was made, or the week was published while this run searched."""
    same_week = Plan.objects.filter(neighbourhood=plan.neighbourhood_id, monday=plan.monday).exclude(
        pk=plan.pk
    )
    newer = same_week.filter(version__gt=plan.version).exclude(
        state__in=[Plan.State.FAILED, Plan.State.DROPPED]
    )
    return newer.exists() or same_week.filter(published_at__gt=plan.began_at).exists()


def add(plan: Plan, week: Problem, visit: Visit) -> None:
    """Give a visit a place in a draft that was made before it was asked for. Step: the caller owns the transaction.

    :param week: the week with the visit's job in it.
    """
    stands = (*week.published, *draft_of(plan).visits, visit)
    found = EnginePlan(tuple(visit for visit in stands if visit.job in week.job))
    _write_visits(plan, [visit], explaining.reasons(week, found))


def _write_visits(plan: Plan, visits: Sequence[Visit], why: Why) -> None:
    """Write the draft's visits; a visit that was published before has no reason, and is not a draft."""
    clock = Week(plan.monday)
    fresh = {visit.job: visit for visit in visits if visit.job in why}
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
        "unserved_at_least": unserved_bound(week),  # proved; zero says nothing
        "unserved_slots_at_least": unserved_slots_bound(week),
        "unserved_slots": solution.score.unserved_slots,
        "soft_cost": solution.score.soft_cost,
        "parts": dict(solution.score.parts),
        "iterations": solution.iterations,
    }
