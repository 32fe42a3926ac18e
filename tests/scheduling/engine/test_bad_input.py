"""Weeks that are odd or wrong: a valid plan or a sentence, never a stack trace."""

import json
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest

from scheduling.engine import weekfile
from scheduling.engine.check import violations
from scheduling.engine.fields import BadFile
from scheduling.engine.model import Problem
from scheduling.engine.replan import ImpossibleEvent, merge, republish
from scheduling.engine.solve import solve
from scheduling.engine.stop import Iterations
from tests.scheduling.engine import drawn

ROOT = Path(__file__).resolve().parents[3]
BACKENDS = ["plain", "compiled"]


def week(**facts) -> drawn.Json:
    return {**drawn.week(Random(20)), **facts}


def loaded(folder: Path, content: object) -> Problem:
    file = folder / "week.json"
    file.write_text(json.dumps(content))
    return weekfile.load(file)


def someone(**facts) -> drawn.Json:
    return {**week()["workers"][0], **facts}


def some_job(**facts) -> drawn.Json:
    return {
        **week()["jobs"][0], "client": "c0", "skill": "cleaning", "team": 1, "minutes": 60, "starts": [600],
        "regulars": [], "series": None, "certificates": [], **facts,
    }  # fmt: skip


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("odd", [
    week(workers=[]),
    week(jobs=[]),
    week(workers=[], jobs=[]),
    week(workers=[someone(availability=[])]),
    week(workers=[someone(availability=[[500, 500]])]),
    week(workers=[someone(availability=[[1200, 1500]])], jobs=[some_job(starts=[1410])]),
    week(jobs=[some_job(team=50)]),
    week(jobs=[some_job(starts=[])]),
    week(jobs=[some_job(minutes=9000)]),
    week(workers=[someone(certificates={"guard_pass": -5000})], jobs=[some_job(skill="guard")]),
    week(workers=[someone(contract=0, wanted=0)]),
])  # fmt: skip
def test_an_odd_week_gets_a_valid_plan_and_a_reason_for_each_job_left(tmp_path, backend, odd):
    problem = loaded(tmp_path, odd)

    solution = solve(problem, stop=Iterations(30), seed=1, backend=backend)

    assert solution.violations == ()
    assert {reason.job for reason in solution.unserved} == problem.job.keys() - solution.plan.by_job.keys()
    assert all(reason.say("nl") and reason.say("en") for reason in solution.unserved)


@pytest.mark.parametrize(("wrong", "says"), [
    (week(workers=[someone(availability=[[480, 700], [600, 900]])]), "overlap"),
    (week(workers=[someone(availability=[[700, 480]])]), "[from, until]"),
    (week(workers=[someone(), someone()]), "occurs twice"),
    (week(jobs=[some_job(), some_job()]), "occurs twice"),
    (week(jobs=[some_job(minutes=60.5)]), "whole number"),
    (week(jobs=[some_job(minutes="sixty")]), "whole number"),
    (week(jobs=[some_job(starts=[600, 600.5])]), "whole numbers"),
    (week(jobs=[some_job(team=0)]), "1 or more"),
    (week(jobs=[some_job(team=True)]), "whole number"),
    (week(jobs=[some_job(client="nobody")]), "not in the file"),
    (week(workers={}), "list"),
    ([], "object"),
])  # fmt: skip
def test_a_wrong_week_is_refused_with_a_sentence(tmp_path, wrong, says):
    with pytest.raises(BadFile, match=says.replace("[", r"\[")):
        loaded(tmp_path, wrong)


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_published_plan_that_breaks_rules_today_is_mended_where_it_may_be(tmp_path, backend):
    # Given two visits at one time for one worker, of whom nothing is locked
    problem = loaded(tmp_path, week(jobs=[some_job(id="a"), some_job(id="b", starts=[600, 800])]))
    told = {"visits": [{"job": name, "start": 600, "workers": ["w0"]} for name in ("a", "b")]}
    file = tmp_path / "told.json"
    file.write_text(json.dumps(told))
    published = weekfile.load_published(file)
    assert violations(problem, published)

    # When it is planned again
    solution = solve(republish(problem, published), stop=Iterations(50), seed=1, backend=backend)

    # Then nothing is broken
    assert solution.violations == ()


def test_an_event_about_what_is_not_there_is_refused(tmp_path):
    problem, case = loaded(tmp_path, week()), tmp_path / "case.json"
    event = {"type": "cancel", "job": "j999"}
    case.write_text(json.dumps({"format": "replan/1", "base": "drawn", "now": 0, "events": [event]}))
    told = tmp_path / "told.json"
    told.write_text('{"visits": []}')
    with pytest.raises(ImpossibleEvent, match="j999"):
        merge(problem, weekfile.load_published(told), weekfile.load_case(case, problem))


def test_the_command_line_says_the_sentence_and_writes_nothing(tmp_path):
    file, out = tmp_path / "week.json", tmp_path / "plan.json"
    file.write_text(json.dumps(week(jobs=[some_job(), some_job()])))
    command = [sys.executable, "-m", "scheduling.engine", str(file), "--out", str(out)]

    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)

    assert (done.returncode, out.exists()) == (2, False)
    assert "occurs twice" in done.stderr
    assert "Traceback" not in done.stderr
