"""Reasons, remedies and counterfactuals: each is made, and the reference check and score are asked whether it holds."""

import json
from dataclasses import replace
from random import Random

import pytest

from scheduling.engine.check import violations
from scheduling.engine.comparison import compare
from scheduling.engine.model import Client, Plan, Visit
from scheduling.engine.reasons import board_of, refusals_on
from scheduling.engine.remedies import remedies
from scheduling.engine.score import score
from scheduling.engine.solve import solve
from scheduling.engine.stop import Iterations
from scheduling.engine.weekfile import load
from scheduling.engine.why import why_not
from tests.scheduling.engine import drawn
from tests.scheduling.engine.test_engine import AT_NINE, job, problem, worker

NOTHING = Plan()


def week_of(seed, folder):
    (folder / "week.json").write_text(json.dumps(drawn.week(Random(seed))))
    return load(folder / "week.json")


def holds(week, plan, remedy) -> bool:
    """Whether the job is served and no rule is broken once the remedy's changes are made."""
    changed, served = remedy.on(week), plan.with_visit(remedy.visit)
    return violations(changed, served) == violations(week, plan) and (
        score(changed, served).unserved_minutes < score(week, plan).unserved_minutes
    )


class TestRemedies:
    def test_three_movers_could_if_it_began_half_an_hour_later(self):
        movers = [worker(f"w{n}", availability=((570, 1080),)) for n in range(3)]
        week = problem(movers, [job(team=2)])

        cheapest = remedies(week, NOTHING, "j1")[0]

        assert cheapest.say(week, "en") == (
            "It could be done if the visit began 30 minutes later, Monday 09:30. Then 3 could go: w0, w1, w2."
        )
        assert cheapest.say(week, "nl") == (
            "Het kan als het bezoek 30 minuten later begint, maandag 09:30. Dan kunnen 3: w0, w1, w2."
        )
        assert holds(week, NOTHING, cheapest)

    @pytest.mark.parametrize(("facts", "kind"), [
        ({"availability": ((0, 600), (700, 900))}, "LongerAvailable"), ({"contract": 60}, "LargerContract"),
        ({"skills": {}}, "Learned"),
    ])  # fmt: skip
    def test_names_what_one_worker_lacks(self, facts, kind):
        week = problem([worker(**facts)])
        found = {type(r.changes[0]).__name__: r for r in remedies(week, NOTHING, "j1")}
        assert holds(week, NOTHING, found[kind])

    def test_a_paper_that_is_missing(self):
        week = problem([worker(skills={"moving": "qualified"})], [job(skill="moving")])
        (remedy,) = remedies(week, NOTHING, "j1")
        assert "lifting" in remedy.say(week, "nl")
        assert holds(week, NOTHING, remedy)

    def test_learners_alone_wait_for_somebody_who_knows_the_work(self):
        week = problem([worker(skills={"cleaning": "learner"}), worker("w2", availability=())])
        remedy = remedies(week, NOTHING, "j1")[0]
        assert remedy.visit.workers == ("w2",)
        assert holds(week, NOTHING, remedy)

    def test_rest_breaks_and_wishes_to_stay_apart_are_not_for_sale(self):
        apart = problem(clients=(Client("c1", excluded_workers=frozenset({"w1"})),))
        tired = problem([worker(previous_end=-30)], [job(starts=(480,), minutes=600)])
        assert remedies(apart, NOTHING, "j1") == []
        assert remedies(tired, NOTHING, "j1") == []

    def test_what_fits_needs_nothing(self):
        week = problem()
        assert remedies(week, NOTHING, "j1")[0].changes == ()

    @pytest.mark.parametrize("seed", range(12))
    def test_of_any_week_hold_once_made(self, seed, tmp_path):
        week = week_of(seed, tmp_path)
        plan = solve(week, stop=Iterations(40), seed=seed, backend="plain").plan
        unserved = [one.id for one in week.jobs if one.id not in plan.by_job]
        for name in unserved:
            for remedy in remedies(week, plan, name):
                assert holds(week, plan, remedy), (name, remedy)


class TestWhyNot:
    def ask(self, week, plan, other="w2"):
        return why_not(week, plan, plan.by_job["j1"], "w1", other)

    def test_a_rule_that_keeps_the_other_away_and_what_would_lift_it(self):
        week = problem([worker(), worker("w2", availability=((570, 1080),))])
        answer = self.ask(week, Plan((AT_NINE,)))
        assert [refusal.rule for refusal in answer.refusals] == ["availability"]
        changed = week
        for turn in answer.turns:
            changed = turn.on(changed)
        assert violations(changed, Plan((answer.instead,))) == ()

    def test_a_known_face_decides_and_would_decide_the_other_way(self):
        week = problem([worker(x=200), worker("w2", x=600)], [job(regulars=("w1",))])
        plan = Plan((AT_NINE,))
        answer = self.ask(week, plan)
        assert answer.parts == {"travel": 4, "continuity": 30}
        assert "+4 minuten reistijd" in answer.say_parts("nl")
        changed = week
        for turn in answer.turns:
            changed = turn.on(changed)
        assert score(changed, plan.with_visit(answer.instead)).layers < score(changed, plan).layers

    def test_a_learner_does_not_go_alone(self):
        week = problem([worker(), worker("w2", skills={"cleaning": "learner"})])
        assert [r.rule for r in self.ask(week, Plan((AT_NINE,))).refusals] == ["learner"]

    @pytest.mark.parametrize("seed", range(12))
    def test_of_any_plan_agrees_with_the_check_and_the_score(self, seed, tmp_path):
        week = week_of(seed, tmp_path)
        plan = solve(week, stop=Iterations(40), seed=seed, backend="plain").plan
        for visit in plan.visits[:3]:
            for other in [w for w in week.worker if w not in visit.workers][:6]:
                answer = why_not(week, plan, visit, visit.workers[0], other)
                swapped = plan.with_visit(answer.instead)
                if answer.refusals:
                    assert violations(week, swapped) != ()
                else:
                    assert violations(week, swapped) == ()
                    assert answer.dearer - answer.parts.get("changes", 0) == (
                        score(week, swapped).soft_cost - score(week, plan).soft_cost
                    )
                self._turns(week, plan, answer)

    def _turns(self, week, plan, answer):
        if not answer.turns:
            return
        changed = week
        for turn in answer.turns:
            changed = turn.on(changed)
        swapped = plan.with_visit(answer.instead)
        if answer.refusals:
            board = board_of(changed, plan.without(answer.visit.job))
            new = (set(answer.instead.workers) - set(answer.visit.workers)).pop()
            assert (
                refusals_on(board, week.job[answer.visit.job], changed.worker[new], answer.visit.start) == []
            )
        else:
            assert score(changed, swapped).layers < score(changed, plan).layers


class TestCompare:
    def test_part_by_part_and_job_by_job(self):
        week = problem([worker(), worker("w2", x=400)], [job(regulars=("w1",)), job("j2", starts=(900,))])
        before = Plan((AT_NINE,))
        after = Plan((Visit("j1", 540, ("w2",)), Visit("j2", 900, ("w1",))))

        found = compare(week, before, after)

        figures = {part.name: part.difference for part in found.parts}
        assert (figures["unserved_minutes"], figures["continuity"]) == (-120, 30)
        assert figures["soft_cost"] == score(week, after).soft_cost - score(week, before).soft_cost
        assert [one.job for one in found.jobs] == ["j1", "j2"]
        assert found.is_better is True
        assert compare(week, after, before).is_better is False

    def test_of_a_plan_with_itself_finds_nothing(self):
        week = replace(problem(), name="same")
        found = compare(week, Plan((AT_NINE,)), Plan((AT_NINE,)))
        assert (found.jobs, found.is_better) == ((), None)
