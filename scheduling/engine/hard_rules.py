"""The hard rules: one implementation each, which says why a placement is refused.

Four groups, by what has to be known: a visit, a pair of visit and worker, a day of a worker, a week of a worker. The
search, the check before publishing and the explanations all ask these functions.
"""

from collections.abc import Callable, Iterator
from itertools import pairwise

from scheduling.engine.day import Day, Week, paid_minutes
from scheduling.engine.model import Job, Minutes, Problem, Visit, Worker, WorkerId
from scheduling.engine.rulebook import Moment, Refusal

Pair = Callable[[Problem, Job, Worker, Minutes], Iterator[Refusal]]


def visit_refusals(problem: Problem, job: Job, visit: Visit) -> Iterator[Refusal]:
    """Yield what is wrong with the start or the crew of a visit whose workers are all known."""
    start, crew = visit.start, visit.workers
    told = problem.told.get(job.id)
    if told is not None and problem.is_locked(job.id):
        if start != told.start or set(crew) != set(told.workers):
            yield Refusal("locked", job.id)
    else:
        yield from start_refusals(problem, job, start)
    if len(crew) != job.team or len(set(crew)) != len(crew):
        yield Refusal("team", job.id, facts={"team": job.team, "there": len(set(crew))})
    if not mentored(problem, job, crew):
        yield Refusal("learner", job.id, facts={"skill": job.skill})


def start_refusals(problem: Problem, job: Job, start: Minutes) -> Iterator[Refusal]:
    """Yield why an open job cannot begin then."""
    if start not in job.starts:
        yield Refusal("start", job.id, facts={"start": problem.moment(start)})
    if problem.now is not None and start < problem.now:
        yield Refusal("past", job.id, facts={"start": problem.moment(start)})


def mentored(problem: Problem, job: Job, crew: tuple[WorkerId, ...]) -> bool:
    """Whether no learner works without a qualified colleague."""
    levels = {problem.worker[worker].skills.get(job.skill) for worker in crew}
    return "learner" not in levels or "qualified" in levels


def pair_refusals(problem: Problem, job: Job, worker: Worker, start: Minutes) -> Iterator[Refusal]:
    """Yield why the worker cannot be at the job then, whatever else is planned. Not asked of a locked job."""
    for rule in _PAIR_RULES:
        yield from rule(problem, job, worker, start)


def _skill(_: Problem, job: Job, worker: Worker, __: Minutes) -> Iterator[Refusal]:
    if worker.skills.get(job.skill) not in {"qualified", "learner"}:
        yield Refusal("skill", job.id, worker.id, {"skill": job.skill})


def _certificate(problem: Problem, job: Job, worker: Worker, start: Minutes) -> Iterator[Refusal]:
    end = start + job.minutes
    for certificate in problem.certificates_for(job):
        until = worker.certificates.get(certificate)
        if until is None or until < end:
            yield Refusal("certificate", job.id, worker.id, {"certificate": certificate})


def _exclusion(problem: Problem, job: Job, worker: Worker, _: Minutes) -> Iterator[Refusal]:
    client = problem.client[job.client]
    if worker.id in client.excluded_workers or client.id in worker.excluded_clients:
        yield Refusal("exclusion", job.id, worker.id, {"client": client.id})


def _language(problem: Problem, job: Job, worker: Worker, _: Minutes) -> Iterator[Refusal]:
    client = problem.client[job.client]
    if client.languages and not client.languages & worker.languages:
        yield Refusal("language", job.id, worker.id, {"client": client.id})


def _availability(problem: Problem, job: Job, worker: Worker, start: Minutes) -> Iterator[Refusal]:
    end = start + job.minutes
    if not any(since <= start and end <= until for since, until in worker.availability):
        facts = {"start": problem.moment(start), "end": problem.moment(end)}
        yield Refusal("availability", job.id, worker.id, facts)


def _standby(problem: Problem, job: Job, worker: Worker, start: Minutes) -> Iterator[Refusal]:
    for since, until in worker.standby:
        if since < start + job.minutes and until > start:
            facts = {"start": problem.moment(since), "end": problem.moment(until)}
            yield Refusal("standby", job.id, worker.id, facts)


def _task(_: Problem, job: Job, worker: Worker, __: Minutes) -> Iterator[Refusal]:
    for task in sorted(job.tasks & worker.cannot):
        yield Refusal("task", job.id, worker.id, {"task": task})


def _notice(problem: Problem, job: Job, worker: Worker, start: Minutes) -> Iterator[Refusal]:
    least = problem.rules.notice
    if problem.now is None or start >= problem.now + least:
        return
    told = problem.told.get(job.id)
    if told is None or worker.id not in told.workers or start != told.start:
        facts = {"start": problem.moment(start), "least": least}
        yield Refusal("notice", job.id, worker.id, facts)


_PAIR_RULES: tuple[Pair, ...] = (
    _skill, _task, _certificate, _exclusion, _language, _availability, _standby, _notice,
)  # fmt: skip


def day_refusals(problem: Problem, worker: Worker, day: Day) -> Iterator[Refusal]:
    """Yield what is wrong within a day of a worker."""
    for gap in day.gaps:
        if gap.idle < 0:
            facts: dict[str, object] = {
                "minutes": -gap.idle,
                "before": gap.before.job.id,
                "after": gap.after.job.id,
            }
            yield Refusal("overlap", gap.after.job.id, worker.id, facts)
    for rule, minutes, most in (
        ("max-day", day.paid, problem.rules.max_day),
        ("break", day.longest_run, problem.rules.break_after),
    ):
        if minutes > most:
            facts = {"minutes": minutes, "day": Moment(day.day), "most": most}
            yield Refusal(rule, None, worker.id, facts)


def week_refusals(problem: Problem, worker: Worker, week: Week) -> Iterator[Refusal]:
    """Yield what is wrong with a worker's week beyond its days: rests and contract."""
    if not week:
        return
    yield from _daily_rest(problem, worker, week)
    longest, least = longest_rest(problem, week), problem.rules.weekly_rest
    if longest < least:
        yield Refusal("weekly-rest", None, worker.id, {"minutes": longest, "least": least})
    paid = paid_minutes(week)
    if paid > worker.contract:
        yield Refusal("contract", None, worker.id, {"minutes": paid, "most": worker.contract})
    for rule, most in worker.limits.items():
        if paid > most:
            yield Refusal(rule, None, worker.id, {"minutes": paid, "most": most})


def _daily_rest(problem: Problem, worker: Worker, week: Week) -> Iterator[Refusal]:
    least = problem.rules.daily_rest
    days = list(week.values())
    rests = [(days[0], days[0].first_start - worker.previous_end)]
    rests += [(after, after.first_start - before.last_end) for before, after in pairwise(days)]
    for day, minutes in rests:
        if minutes < least:
            facts = {"minutes": minutes, "day": Moment(day.day), "least": least}
            yield Refusal("daily-rest", None, worker.id, facts)


def longest_rest(problem: Problem, week: Week) -> Minutes:
    """Return the longest stretch of the week without a visit. Rest outside the week does not count."""
    ends = [problem.day_starts[0], *(day.last_end for day in week.values())]
    starts = [*(day.first_start for day in week.values()), problem.day_starts[-1]]
    return max(start - end for end, start in zip(ends, starts, strict=True))
