"""The engine: plans that keep every rule, figures that the independent checker agrees with, and reasons."""

import gzip
import json
import random
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from scheduling.engine.check import violations
from scheduling.engine.model import Client, Job, Plan, Problem, Rules, Visit, Worker
from scheduling.engine.reasons import explain, refusals
from scheduling.engine.score import score
from scheduling.engine.solve import solve
from scheduling.engine.stop import Iterations

ROOT = Path(__file__).resolve().parents[3]
SHARED = ROOT.parent / "shared" / "scheduling"
needs_weeks = pytest.mark.skipif(
    not SHARED.is_dir(), reason="the shared folder with public weeks is not here"
)
RULES = Rules(speed={"walk": 75, "bike": 200}, skill_certificates={"moving": ("lifting",)})


def worker(name: str = "w1", **facts) -> Worker:
    agreed = {
        "x": 0, "y": 0, "mode": "bike", "contract": 1440, "wanted": 1200, "languages": frozenset({"nl"}),
        "availability": tuple((1440 * day + 480, 1440 * day + 1080) for day in range(5)),
        "skills": {"cleaning": "qualified"}, **facts,
    }  # fmt: skip
    return Worker(id=name, **agreed)


def job(name: str = "j1", **facts) -> Job:
    asked = {
        "client": "c1", "x": 0, "y": 0, "skill": "cleaning", "team": 1, "minutes": 120, "starts": (540,), **facts,
    }  # fmt: skip
    return Job(id=name, **asked)


def problem(workers=(), jobs=(), **facts) -> Problem:
    return Problem(
        workers=tuple(workers) or (worker(),), clients=facts.pop("clients", (Client("c1"),)), jobs=tuple(jobs) or (job(),),
        rules=facts.pop("rules", RULES), **facts,
    )  # fmt: skip


def broken(week: Problem, *visits: Visit) -> set[str]:
    return {refusal.rule for refusal in violations(week, Plan(tuple(visits)))}


AT_NINE = Visit("j1", 540, ("w1",))


class TestHardRules:
    def test_allows_what_keeps_them_all(self):
        assert broken(problem(), AT_NINE) == set()

    @pytest.mark.parametrize(("rule", "week", "visits"), [
        ("unknown-job", problem(), [Visit("j9", 540, ("w1",))]),
        ("unknown-worker", problem(), [Visit("j1", 540, ("w9",))]),
        ("job-twice", problem(), [AT_NINE, AT_NINE]),
        ("start", problem(), [Visit("j1", 555, ("w1",))]),
        ("past", problem(now=600), [AT_NINE]),
        ("team", problem(jobs=[job(team=2)]), [AT_NINE]),
        ("skill", problem(jobs=[job(skill="guarding")]), [AT_NINE]),
        ("learner", problem(workers=[worker(skills={"cleaning": "learner"})]), [AT_NINE]),
        ("certificate", problem(workers=[worker(skills={"moving": "qualified"})], jobs=[job(skill="moving")]), [AT_NINE]),
        ("availability", problem(jobs=[job(starts=(470,))]), [Visit("j1", 470, ("w1",))]),
        ("exclusion", problem(workers=[worker(excluded_clients=frozenset({"c1"}))]), [AT_NINE]),
        ("language", problem(clients=(Client("c1", frozenset({"tr"})),)), [AT_NINE]),
        ("overlap", problem(jobs=[job(), job("j2", x=4000, starts=(665,))]), [AT_NINE, Visit("j2", 665, ("w1",))]),
        ("max-day", problem(jobs=[job(minutes=600, starts=(480,))]), [Visit("j1", 480, ("w1",))]),
        ("break", problem(jobs=[job(minutes=331)]), [AT_NINE]),
        ("daily-rest", problem(workers=[worker(previous_end=-60)]), [AT_NINE]),
        ("contract", problem(workers=[worker(contract=60)]), [AT_NINE]),
        ("notice", problem(now=500, published=(Visit("j1", 540, ("w2",)),)), [AT_NINE]),
        ("locked", problem(published=(AT_NINE,), locked=frozenset({"j1"})), []),
    ])  # fmt: skip
    def test_names_the_rule_that_is_broken(self, rule, week, visits):
        assert rule in broken(week, *visits)

    def test_names_the_weekly_rest(self):
        jobs = [job(f"j{day}", starts=(1440 * day + 600,)) for day in range(7)]
        every_day = worker(availability=tuple((1440 * day + 480, 1440 * day + 1080) for day in range(7)))
        visits = [Visit(f"j{day}", 1440 * day + 600, ("w1",)) for day in range(7)]
        assert broken(problem([every_day], jobs), *visits) == {"weekly-rest"}

    def test_t15_a_break_is_due_after_five_and_a_half_hours(self):
        assert broken(problem(jobs=[job(minutes=330)]), AT_NINE) == set()
        assert broken(problem(jobs=[job(minutes=331)]), AT_NINE) == {"break"}

    def test_travel_between_visits_counts_in_the_product_and_not_in_the_format(self):
        jobs = [job(minutes=165), job("j2", x=2000, minutes=165, starts=(715,))]
        visits = [AT_NINE, Visit("j2", 720, ("w1",))]
        jobs[1] = replace(jobs[1], starts=(720,))
        assert broken(problem(jobs=jobs), *visits) == set()
        paid = replace(RULES, travel_is_work=True)
        assert broken(problem(jobs=jobs, rules=paid), *visits) == {"break"}


class TestSolve:
    def test_serves_what_can_be_served_and_says_why_not(self):
        week = problem(jobs=[job(), job("j2", starts=(30,))])

        solution = solve(week, stop=Iterations(50), seed=1)

        assert solution.plan.visits == (AT_NINE,)
        assert solution.reason["j2"].say("nl") == "1 nodig, 0 vrij: 1 kunnen dan niet."
        assert explain(week, solution.plan, "j2").say("en") == "1 needed, 0 free: 1 are not available then."

    def test_gives_the_same_plan_for_the_same_seed(self):
        workers = [worker(f"w{n}", x=200 * n) for n in range(4)]
        jobs = [job(f"j{n}", x=150 * n, starts=(540 + 60 * (n % 5), 700)) for n in range(14)]
        week = problem(workers, jobs)

        plans = {solve(week, stop=Iterations(300), seed=7).plan for _run in range(2)}

        assert len(plans) == 1

    def test_keeps_what_was_promised(self):
        week = problem(
            [worker(), worker("w2")], [job(), job("j2")], published=(AT_NINE,), locked=frozenset({"j1"})
        )
        assert AT_NINE in solve(week, stop=Iterations(100), seed=1).plan.visits

    def test_says_which_rule_refuses_a_placement(self):
        (refusal,) = refusals(problem(jobs=[job(skill="guarding")]), Plan(), "j1", "w1", 540)
        assert refusal.say("nl") == "w1 heeft guarding niet geleerd."


def checked(week: Path, plan: Path, *more: str) -> Any:
    command = [sys.executable, str(SHARED / "check_week.py"), str(week), str(plan), *more]
    return json.loads(subprocess.run(command, capture_output=True, text=True, check=False).stdout)


def run(week: Path, out: Path, *more: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "scheduling.engine", str(week), "--out", str(out), *more]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)


@needs_weeks
class TestPublicWeeks:
    def test_plans_a_week_that_the_checker_accepts(self, tmp_path):
        week, plan = SHARED / "weeks" / "week-30-a.json.gz", tmp_path / "plan.json"

        done = run(week, plan, "--iterations", "600", "--seed", "1", "--json")

        said, found = json.loads(done.stdout), checked(week, plan)
        assert found["violations"] == []
        assert found["unserved_minutes"] <= 0.06 * found["minutes"]
        for figure in ("unserved_minutes", "unserved_slots", "soft_cost", "parts"):
            assert said[figure] == found[figure]

    @pytest.mark.parametrize("case", ["case-01", "case-07", "case-15"])
    def test_replans_as_the_checker_allows(self, tmp_path, case):
        weeks, plan = SHARED / "weeks", tmp_path / "plan.json"
        told, happened = weeks / "replan-100-a" / "published.json.gz", weeks / "replan-100-a" / f"{case}.json"
        more = ("--published", str(told), "--case", str(happened))

        done = run(weeks / "week-100-a.json.gz", plan, "--iterations", "60", "--json", *more)

        assert done.returncode == 0, done.stderr
        found = checked(weeks / "week-100-a.json.gz", plan, *more)
        assert found["violations"] == []
        assert json.loads(done.stdout)["changes"] == found["changes"]

    def test_agrees_with_the_checker_on_spoiled_plans(self, tmp_path):
        from scheduling.engine import weekfile

        week = SHARED / "weeks" / "week-30-b.json.gz"
        loaded = weekfile.load(week)
        start = solve(loaded, stop=Iterations(120), seed=3).plan
        draw = random.Random(5)
        for number in range(12):
            plan = spoiled(loaded, start, draw)
            file = tmp_path / f"{number}.json"
            weekfile.save(plan, file)
            found, mine = checked(week, file), score(loaded, plan)
            assert (mine.unserved_minutes, mine.soft_cost) == (found["unserved_minutes"], found["soft_cost"])
            assert {r.rule for r in violations(loaded, plan)} == {
                broken["rule"] for broken in found["violations"]
            }


def spoiled(week: Problem, plan: Plan, draw: random.Random) -> Plan:
    """Return the plan with some crews and starts changed at random."""
    visits = list(plan.visits)
    for place in draw.sample(range(len(visits)), 6):
        visit = visits[place]
        crew = list(visit.workers)
        crew[draw.randrange(len(crew))] = draw.choice(week.workers).id
        visits[place] = replace(
            visit, workers=tuple(dict.fromkeys(crew)), start=draw.choice(week.job[visit.job].starts)
        )
    return Plan(tuple(visits))


@needs_weeks
class TestBadFiles:
    def spoil(self, tmp_path: Path, change) -> Path:
        week = json.loads(gzip.decompress((SHARED / "weeks" / "week-30-a.json.gz").read_bytes()))
        change(week)
        file = tmp_path / "week.json"
        file.write_text(json.dumps(week))
        return file

    @pytest.mark.parametrize(("change", "says"), [
        (lambda week: week["workers"][0].pop("contract"), "contract"),
        (lambda week: week["jobs"][0].update(skill="juggling"), "juggling"),
        (lambda week: week.update(format="week/2"), "week/2"),
        (lambda week: week["jobs"].append(week["jobs"][0]), "twice"),
    ])  # fmt: skip
    def test_are_refused_with_a_sentence_that_names_what_is_wrong(self, tmp_path, change, says):
        done = run(self.spoil(tmp_path, change), tmp_path / "plan.json")
        assert done.returncode == 2
        assert says in done.stderr
        assert not (tmp_path / "plan.json").exists()

    def test_not_json_is_refused(self, tmp_path):
        file = tmp_path / "week.json"
        file.write_text("week 1")
        done = run(file, tmp_path / "plan.json")
        assert done.returncode == 2
        assert "not JSON" in done.stderr
