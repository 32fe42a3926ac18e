"""A plan under construction: who can still be sent where, at what cost, and the moves that change it.

This is the clear reference of the search. It asks the same rules and counts the same costs as the check and the score.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from scheduling.engine.day import Day, Turn, Week, paid_minutes, walk
from scheduling.engine.hard_rules import day_refusals, pair_refusals, start_refusals, week_refusals
from scheduling.engine.model import Job, JobId, Minutes, Plan, Problem, Visit, Worker, WorkerId
from scheduling.engine.prices import Prices
from scheduling.engine.score import day_counts, hours, visit_counts, weighted


@dataclass(frozen=True, slots=True)
class Offer:
    """One worker who can be sent, and what that costs."""

    cost: int
    worker: WorkerId
    qualified: bool
    new_to_series: bool


@dataclass(frozen=True, slots=True)
class Option:
    """A visit that can be added to the plan, and what that costs."""

    cost: int
    visit: Visit


def with_turn(problem: Problem, worker: Worker, week: Week, turn: Turn) -> tuple[Day, Week]:
    """Return the day of the turn, and the week, when the worker takes it on."""
    number = problem.day_of(turn.start)
    there = week[number].turns if number in week else ()
    day = walk(problem, worker, number, (*there, turn))
    return day, dict(sorted({**week, number: day}.items()))


def without_turn(problem: Problem, worker: Worker, week: Week, job: JobId) -> Week:
    """Return the week when the worker does not go to the job."""
    left: dict[int, Day] = {}
    for number, day in week.items():
        turns = [turn for turn in day.turns if turn.job.id != job]
        if len(turns) == len(day.turns):
            left[number] = day
        elif turns:
            left[number] = walk(problem, worker, number, turns)
    return left


class Board:
    """A plan that keeps every hard rule at every moment, but for what a locked visit breaks by itself."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.prices = Prices.of(problem)
        self.visits: dict[JobId, Visit] = {}
        self.weeks: dict[WorkerId, Week] = {worker.id: {} for worker in problem.workers}
        self._crews: dict[str, Counter[WorkerId]] = {}
        self._who: dict[tuple[JobId, Minutes], tuple[Worker, ...]] = {}

    @property
    def plan(self) -> Plan:
        return Plan(tuple(self.visits.values()))

    def who(self, job: Job, start: Minutes) -> Sequence[Worker]:
        """Return the workers who could be at the job then if nothing else were planned."""
        key = job.id, start
        if key not in self._who:
            open_ = not any(start_refusals(self.problem, job, start))
            workers = self.problem.workers if open_ else ()
            self._who[key] = tuple(w for w in workers if not any(pair_refusals(self.problem, job, w, start)))
        return self._who[key]

    def place(self, visit: Visit) -> None:
        """Add a visit of a job that has none. It is not asked whether it fits."""
        job = self.problem.job[visit.job]
        self.visits[visit.job] = visit
        turn = Turn(visit.start, visit.start + job.minutes, job)
        for id_ in visit.workers:
            self.weeks[id_] = with_turn(self.problem, self.problem.worker[id_], self.weeks[id_], turn)[1]
        if job.series is not None:
            self._crews.setdefault(job.series, Counter()).update(visit.workers)

    def lift(self, job: JobId) -> Visit:
        """Take the visit of the job off the plan and return it."""
        visit = self.visits.pop(job)
        for id_ in visit.workers:
            self.weeks[id_] = without_turn(self.problem, self.problem.worker[id_], self.weeks[id_], job)
        series = self.problem.job[job].series
        if series is not None:
            self._crews[series].subtract(visit.workers)
            self._crews[series] += Counter()
        return visit

    def turn_cost(self, worker: Worker, job: Job, start: Minutes) -> int | None:
        """Return what the worker's week costs more with the job, or None when a rule refuses it."""
        week = self.weeks[worker.id]
        if paid_minutes(week) + job.minutes > worker.contract:
            return None
        day, after = with_turn(self.problem, worker, week, Turn(start, start + job.minutes, job))
        if any(day_refusals(self.problem, worker, day)) or any(week_refusals(self.problem, worker, after)):
            return None
        before = week.get(day.day)
        cost = self._cost(worker, day) - (self._cost(worker, before) if before else 0)
        more = hours(worker, paid_minutes(after)) - hours(worker, paid_minutes(week))
        return cost + more * self.problem.weights.hours

    def _cost(self, worker: Worker, day: Day) -> int:
        return sum(weighted(self.problem, day_counts(self.problem, worker, day)).values())

    def best_option(self, job: Job) -> Option | None:
        """Return the cheapest visit of the job that every rule allows, or None."""
        options = [option for start in job.starts if (option := self.option(job, start)) is not None]
        return min(options, key=lambda option: option.cost, default=None)

    def offers(self, job: Job, start: Minutes) -> list[Offer]:
        """Return the workers who can be sent as the plan stands, cheapest first."""
        crew = self._crew_of(job)
        offers = []
        for worker in self.who(job, start):
            cost = self.turn_cost(worker, job, start)
            if cost is not None:
                qualified = worker.skills.get(job.skill) == "qualified"
                offers.append(
                    Offer(cost + self._pair_cost(job, worker), worker.id, qualified, worker.id not in crew)
                )
        return sorted(offers, key=lambda offer: (offer.cost, offer.worker))

    def _crew_of(self, job: Job) -> Mapping[WorkerId, int]:
        return self._crews.get(job.series, {}) if job.series is not None else {}

    def _pair_cost(self, job: Job, worker: Worker) -> int:
        weights, told = self.problem.weights, self.problem.told.get(job.id)
        cost = weights.learner if worker.skills.get(job.skill) == "learner" else 0
        cost -= weights.continuity if worker.id in self.problem.welcome(job) else 0
        return cost + (self.prices.change if told is not None and worker.id not in told.workers else 0)

    def option(self, job: Job, start: Minutes) -> Option | None:
        """Return the cheapest crew that every rule allows at a start, or None."""
        offers = self.offers(job, start)
        if len(offers) < job.team or not any(offer.qualified for offer in offers):
            return None
        room = (
            self.problem.series_size[job.series] - len(self._crew_of(job))
            if job.series is not None
            else job.team
        )
        crew, cost = _cheapest_crew(offers, job.team, room, self.problem.weights.series)
        told = self.problem.told.get(job.id)
        cost += self.prices.change * job.team if told is not None and told.start != start else 0
        cost += self.problem.weights.continuity * visit_counts(self.problem, job, ())["continuity"]
        return Option(cost, Visit(job.id, start, crew))


def _cheapest_crew(
    offers: Iterable[Offer], team: int, room: int, stranger: int
) -> tuple[tuple[WorkerId, ...], int]:
    """Pick a crew with a mentor. The first `room` workers who are new to a series cost nothing, the next ones do."""
    left, cost = list(offers), 0
    crew: list[Offer] = []
    for seat in range(team):
        needs_mentor = seat == team - 1 and not any(offer.qualified for offer in crew)
        new = sum(offer.new_to_series for offer in crew)
        price = stranger if new >= room else 0
        fitting = [offer for offer in left if offer.qualified or not needs_mentor]
        chosen = min(fitting, key=lambda offer: offer.cost + price * offer.new_to_series)
        cost += chosen.cost + price * chosen.new_to_series
        left.remove(chosen)
        crew.append(chosen)
    return tuple(offer.worker for offer in crew), cost
