"""The check before publishing: every hard rule, asked of a whole plan."""

from collections.abc import Iterator

from scheduling.engine.day import weeks
from scheduling.engine.hard_rules import day_refusals, pair_refusals, visit_refusals, week_refusals
from scheduling.engine.model import Plan, Problem, Visit
from scheduling.engine.rulebook import Refusal


def violations(problem: Problem, plan: Plan) -> tuple[Refusal, ...]:
    """Return every broken rule of the plan; none means that it may be published.

    What names an unknown job or worker, or a job a second time, is reported and then counts nowhere else.
    """
    return (*_visits(problem, plan), *_missing(problem, plan), *_workers(problem, plan))


def known_part(problem: Problem, plan: Plan) -> Plan:
    """Return the plan without what names an unknown job or worker, or a job a second time."""
    visits = (visit for visit in plan.by_job.values() if visit.job in problem.job)
    return Plan(
        tuple(Visit(v.job, v.start, tuple(w for w in v.workers if w in problem.worker)) for v in visits)
    )


def _visits(problem: Problem, plan: Plan) -> Iterator[Refusal]:
    seen: set[str] = set()
    for visit in plan.visits:
        job = problem.job.get(visit.job)
        if job is None:
            yield Refusal("unknown-job", visit.job)
        elif visit.job in seen:
            yield Refusal("job-twice", visit.job)
        else:
            seen.add(visit.job)
            yield from _visit(problem, visit)


def _visit(problem: Problem, visit: Visit) -> Iterator[Refusal]:
    job = problem.job[visit.job]
    for name in dict.fromkeys(visit.workers):
        if name not in problem.worker:
            yield Refusal("unknown-worker", visit.job, name)
    crew = tuple(name for name in visit.workers if name in problem.worker)
    yield from visit_refusals(problem, job, Visit(visit.job, visit.start, crew))
    if not problem.is_locked(job.id):
        for name in dict.fromkeys(crew):
            yield from pair_refusals(problem, job, problem.worker[name], visit.start)


def _missing(problem: Problem, plan: Plan) -> Iterator[Refusal]:
    for visit in problem.published:
        if problem.is_locked(visit.job) and not (visit.job in problem.job and visit.job in plan.by_job):
            yield Refusal("locked", visit.job)


def _workers(problem: Problem, plan: Plan) -> Iterator[Refusal]:
    for id_, week in weeks(problem, plan).items():
        worker = problem.worker[id_]
        for day in week.values():
            yield from day_refusals(problem, worker, day)
        yield from week_refusals(problem, worker, week)
