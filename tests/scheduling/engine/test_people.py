"""What the product knows of people beyond the public format: tasks, preferences, stand-by, earlier weeks, the clock."""

from dataclasses import replace

import pytest

from scheduling.engine.bound import changes_bound, unserved_bound, unserved_slots_bound
from scheduling.engine.check import violations
from scheduling.engine.model import Client, Job, Plan, Problem, Rules, Visit, Worker
from scheduling.engine.replan import freeze
from scheduling.engine.rulebook import Refusal
from scheduling.engine.score import score
from scheduling.engine.solve import Progress, solve
from scheduling.engine.standby import call_up, keep_free, rota
from scheduling.engine.stop import Asked, Iterations, ProcessorSeconds, Seconds
from scheduling.engine.working_time import left

HOUR = 60
DAYS = tuple((1440 * day + 6 * HOUR, 1440 * day + 23 * HOUR) for day in range(7))
RULES = Rules(speed={"bike": 200})


def worker(name: str = "w1", **facts) -> Worker:
    agreed = {
        "x": 0, "y": 0, "mode": "bike", "contract": 2400, "wanted": 1200, "availability": DAYS,
        "languages": frozenset({"nl"}), "skills": {"cleaning": "qualified"}, **facts,
    }  # fmt: skip
    return Worker(id=name, **agreed)


def job(name: str = "j1", **facts) -> Job:
    asked = {
        "client": "c1", "x": 0, "y": 0, "skill": "cleaning", "team": 1, "minutes": 120, "starts": (540,), **facts,
    }  # fmt: skip
    return Job(id=name, **asked)


def problem(workers=(), jobs=(), **facts) -> Problem:
    clients = facts.pop("clients", (Client("c1"),))
    people, asked = tuple(workers) or (worker(),), tuple(jobs) or (job(),)
    return Problem(workers=people, clients=clients, jobs=asked, rules=facts.pop("rules", RULES), **facts)


def broken(week: Problem, *visits: Visit) -> list[Refusal]:
    return list(violations(week, Plan(tuple(visits))))


def planned(week: Problem, backend: str = "compiled") -> Plan:
    return solve(week, stop=Iterations(200), seed=1, backend=backend).plan


@pytest.mark.parametrize("backend", ["plain", "compiled"])
class TestWhoIsSent:
    def test_nobody_does_a_task_they_do_not_do(self, backend):
        week = problem([worker(cannot=frozenset({"windows"}))], [job(tasks=frozenset({"windows", "floors"}))])
        (refusal,) = broken(week, Visit("j1", 540, ("w1",)))
        assert refusal.sentence == "w1 does not do windows."
        assert planned(week, backend).visits == ()

    def test_the_worker_a_client_prefers_goes(self, backend):
        people = [worker("w1"), worker("w2", x=400)]
        week = problem(people, clients=(Client("c1", preferred_workers=frozenset({"w2"})),))
        assert planned(week, backend).visits == (Visit("j1", 540, ("w2",)),)

    def test_who_stands_by_is_kept_free_until_called_up(self, backend):
        week = keep_free(problem(), {(480, 1020): "w1"})
        assert [r.rule for r in broken(week, Visit("j1", 540, ("w1",)))] == ["standby"]
        assert planned(week, backend).visits == ()
        assert len(planned(call_up(week, "w1"), backend).visits) == 1

    def test_who_got_too_little_before_goes_before_who_got_too_much(self, backend):
        had = {"w1": 1500, "w2": 700}
        people = [worker(name, wanted=1100, history=((minutes, 1100),) * 4) for name, minutes in had.items()]
        assert planned(problem(people), backend).visits[0].workers == ("w2",)

    def test_a_frozen_window_keeps_what_was_told_and_plans_nothing_new_in_it(self, backend):
        told = (Visit("j1", 540, ("w1",)), Visit("j3", 2100, ("w1",)))
        jobs = [job(), job("j2", starts=(700, 2000)), job("j3", starts=(2100,))]
        week = freeze(problem([worker(), worker("w2")], jobs, published=told), until=1440, pinned=["j3"])

        plan = planned(week, backend)

        assert plan.by_job["j1"] == told[0]
        assert plan.by_job["j3"] == told[1]
        assert plan.by_job["j2"].start == 2000


class TestFairHours:
    def test_are_what_is_wanted_without_a_history(self):
        assert worker().aim == 1200

    def test_make_up_a_quarter_of_what_was_short(self):
        assert worker(history=((1000, 1200), (1000, 1200))).aim == 1300

    def test_make_up_no_more_than_a_quarter_of_what_is_wanted(self):
        assert worker(history=((0, 1200),) * 8).aim == 1500

    def test_come_down_after_too_much_and_stay_within_the_contract(self):
        assert worker(history=((1400, 1200),) * 2).aim == 1100
        assert worker(contract=1250, history=((0, 1200),) * 8).aim == 1250

    def test_are_what_the_score_measures_from(self):
        week = problem([worker(history=((900, 1200),) * 2)])
        assert score(week, Plan()).counts["hours"] == (1350 // 30) ** 2


class TestStandby:
    def test_goes_round(self):
        windows = [(480, 720), (1920, 2160), (3360, 3600)]
        found = rota(
            problem([worker("w1"), worker("w2"), worker("w3", availability=())]), windows, before={"w1": 1}
        )
        assert list(found.values()) == ["w2", "w1", "w2"]

    def test_leaves_out_a_window_that_nobody_can_take(self):
        assert rota(problem([worker(availability=((0, 400),))]), [(480, 720)]) == {}

    def test_passes_over_who_is_pinned_to_a_visit(self):
        week = freeze(
            problem([worker("w1"), worker("w2")], published=(Visit("j1", 540, ("w1",)),)), until=600
        )
        assert rota(week, [(480, 720)]) == {(480, 720): "w2"}


class TestWorkingTime:
    def test_t14_after_22_00_work_begins_at_09_00_at_the_earliest(self):
        evening = job("late", minutes=120, starts=(20 * HOUR,))
        for start, rules in ((1440 + 9 * HOUR, []), (1440 + 9 * HOUR - 1, ["daily-rest"])):
            week = problem(jobs=[evening, job("early", starts=(start,))])
            found = broken(week, Visit("late", 20 * HOUR, ("w1",)), Visit("early", start, ("w1",)))
            assert [refusal.rule for refusal in found] == rules

    def test_t14_a_short_rest_is_never_planned_not_even_once_a_week(self):
        week = problem(jobs=[job("late", starts=(20 * HOUR,)), job("early", starts=(1440 + 6 * HOUR,))])
        assert len(planned(week).visits) == 1

    def test_t18_768_hours_in_sixteen_weeks_are_accepted_and_a_minute_more_is_not(self):
        limit = left([48 * HOUR] * 15, weeks=16, average=48 * HOUR)
        assert limit == 48 * HOUR
        days = [job(f"j{day}", minutes=576, starts=(1440 * day + 420,)) for day in range(5)]
        rules = replace(RULES, max_day=600, break_after=600)
        person = worker(contract=3600, wanted=3600, limits={"sixteen-weeks": limit})
        visits = [Visit(one.id, one.starts[0], ("w1",)) for one in days]
        assert broken(problem([person], days, rules=rules), *visits) == []

        days[0] = replace(days[0], minutes=577)
        week = problem([person], days, rules=rules)
        (refusal,) = broken(week, *visits)

        assert (refusal.rule, refusal.article) == ("sixteen-weeks", "ATW art. 5:7")
        assert score(week, planned(week)).unserved_minutes > 0

    def test_the_average_over_four_weeks_counts_the_three_before(self):
        assert left([55 * HOUR, 55 * HOUR, 60 * HOUR, 99 * HOUR], weeks=4, average=55 * HOUR) == 50 * HOUR
        assert left([100 * HOUR] * 3, weeks=4, average=55 * HOUR) == 0

    def test_t31_the_night_the_clock_goes_forward_is_an_hour_short(self):
        """Saturday 27 March 2027 until 22:00; on Sunday 10:00 is eleven hours later, 09:00 is ten."""
        starts = (*(1440 * day for day in range(7)), 7 * 1440 - 60)
        saturday, sunday = 5 * 1440, 6 * 1440
        everyday = worker(availability=((saturday, saturday + 1440), (sunday, sunday + 1380)))
        evening = Visit("late", saturday + 20 * HOUR, ("w1",))
        for clock, rules in ((9, ["daily-rest"]), (10, [])):
            elapsed = sunday + (clock - 1) * HOUR
            jobs = [job("late", starts=(evening.start,)), job("early", starts=(elapsed,))]
            week = problem([everyday], jobs, day_starts=starts)
            assert week.moment(elapsed).say("nl") == f"zondag {clock:02d}:00"
            found = broken(week, evening, Visit("early", elapsed, ("w1",)))
            assert [refusal.rule for refusal in found] == rules

    def test_t31_a_day_of_twenty_five_hours_is_counted_as_it_elapses(self):
        starts = (*(1440 * day for day in range(7)), 7 * 1440 + 60)
        sunday = 6 * 1440
        week = problem([worker(availability=((sunday, sunday + 1500),))], day_starts=starts)
        assert week.day_of(sunday + 1499) == 6
        assert week.moment(sunday + 10 * HOUR + 60).say("nl") == "zondag 10:00"


class TestStops:
    def test_after_so_many_iterations(self):
        assert solve(problem(), stop=Iterations(7), seed=1, backend="compiled").iterations == 7

    @pytest.mark.parametrize("stop", [Seconds(0), ProcessorSeconds(0), Iterations(0)])
    def test_at_once_with_a_valid_plan(self, stop):
        solution = solve(problem(), stop=stop, seed=1, backend="compiled")
        assert solution.iterations == 0
        assert solution.plan.visits == (Visit("j1", 540, ("w1",)),)

    def test_when_asked(self):
        asked = iter([False, False, True])
        stop = Asked(lambda: next(asked), within=Iterations(10**9))
        assert solve(problem(), stop=stop, seed=1, backend="compiled").violations == ()

    def test_after_seconds_of_work(self):
        assert solve(problem(), stop=ProcessorSeconds(0.05), seed=1, backend="compiled").iterations > 0

    def test_progress_rises_to_the_end_and_the_plan_never_gets_worse(self):
        jobs = [job(f"j{n}", x=100 * n, starts=(480 + 60 * (n % 7), 900)) for n in range(20)]
        seen: list[Progress] = []
        solve(
            problem([worker("w1"), worker("w2")], jobs),
            stop=Iterations(2_000), seed=1, backend="compiled", on_progress=seen.append,
        )  # fmt: skip
        assert [one.spent for one in seen] == sorted(one.spent for one in seen)
        assert seen[-1].spent == 1
        assert [one.layers for one in seen] == sorted((one.layers for one in seen), reverse=True)


class TestBound:
    def test_counts_what_nobody_is_able_for(self):
        assert unserved_bound(problem(jobs=[job(), job("j2", skill="guarding", minutes=90)])) == 90

    def test_counts_what_must_be_done_at_one_time_by_more_than_there_are(self):
        jobs = [job("j1", minutes=120), job("j2", minutes=90), job("j3", minutes=60, starts=(600,))]
        assert unserved_bound(problem(jobs=jobs)) == 90 + 60

    def test_adds_up_two_moments_of_a_day(self):
        early = [job(f"e{number}", minutes=60) for number in range(2)]
        late = [job(f"l{number}", minutes=90, starts=(900,)) for number in range(3)]
        assert unserved_bound(problem(jobs=[*early, *late])) == 60 + 2 * 90

    def test_counts_a_long_job_once(self):
        jobs = [job("j1", minutes=300), job("j2", minutes=60), job("j3", minutes=60, starts=(720,))]
        assert unserved_bound(problem(jobs=jobs)) == 60

    def test_gives_the_people_there_are_to_the_jobs_only_they_can_do(self):
        people = [worker("w1"), worker("w2", skills={"cleaning": "qualified", "moving": "qualified"})]
        assert unserved_bound(problem(people, [job("j1"), job("j2", skill="moving")])) == 0

    def test_says_nothing_of_jobs_that_can_wait(self):
        assert unserved_bound(problem(jobs=[job("j1", starts=(540, 700)), job("j2", starts=(540, 700))])) == 0

    def test_counts_slots_by_themselves(self):
        jobs = [job("j1", minutes=120), job("j2", minutes=90, team=2), job("j3", skill="guarding", team=3)]
        found = problem([worker("w1"), worker("w2")], jobs)
        assert (unserved_slots_bound(found), unserved_bound(found)) == (3 + 1, 3 * jobs[2].minutes + 90)

    def test_counts_promises_that_cannot_be_kept(self):
        people = [worker("w1"), worker("w2"), worker("w3", skills={})]
        start = job("j1").starts[0]
        told = Visit("j1", start, ("w1", "w3"))
        asked = replace(problem(people, [job("j1", team=2)]), published=(told,))
        assert changes_bound(asked, Plan((Visit("j1", start, ("w1", "w2")),))) == 1
        assert (
            changes_bound(replace(asked, published=(Visit("j1", start, ("w1", "w2")),)), Plan((told,))) == 0
        )

    def test_says_nothing_of_promises_where_a_job_is_left_out(self):
        people = [worker("w1", skills={}), worker("w2")]
        told = Visit("j1", job("j1").starts[0], ("w1",))
        asked = replace(problem(people, [job("j1")]), published=(told,))
        assert changes_bound(asked, Plan()) == 0
        assert changes_bound(asked, Plan((Visit("j1", told.start, ("w2",)),))) == 1
