"""`python -m scheduling.engine WEEK --out PLAN --seconds S --seed N`: plan a `week/1` file, without Django."""

import argparse
import gc
import json
import sys
from dataclasses import replace
from pathlib import Path

from scheduling.engine import weekfile
from scheduling.engine.bound import changes_bound, unserved_bound, unserved_slots_bound
from scheduling.engine.fields import BadFile
from scheduling.engine.model import Plan, Problem
from scheduling.engine.replan import ImpossibleEvent, merge, republish
from scheduling.engine.solve import Progress, Solution, solve
from scheduling.engine.stop import Iterations, ProcessorSeconds, Seconds, Stop

MOST_REASONS = 20


def main(arguments: list[str] | None = None) -> int:
    """Return 0 when a plan was written, 2 when a file cannot be read."""
    given = _parser().parse_args(arguments)
    gc.disable()  # a run of one plan makes no rubbish, and loading the compiler makes the collector look a hundred times
    if (given.case is None) != (given.published is None):
        return _refuse("--published and --case go together.")
    try:
        problem = _problem(given)
    except (BadFile, ImpossibleEvent, OSError) as fault:
        return _refuse(str(fault))
    solution = solve(problem, stop=_stop(given), seed=given.seed, on_progress=None if given.json else _show)
    try:
        weekfile.save(solution.plan, given.out)
    except OSError as fault:
        return _refuse(f"{given.out} cannot be written: {fault.strerror}.")
    if given.json:
        sys.stdout.write(json.dumps(_figures(problem, solution)) + "\n")
    else:
        sys.stderr.write("\n")
        sys.stdout.write(_summary(problem, solution))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m scheduling.engine", description=__doc__)
    parser.add_argument("week", type=Path)
    parser.add_argument("--out", type=Path, required=True, help="where the plan is written")
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument(
        "--iterations", type=int, default=0, help="instead of seconds: the same plan on every machine"
    )
    parser.add_argument(
        "--processor", action="store_true", help="count seconds of processor time, for a busy machine"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--published", type=Path, help="the plan people were told")
    parser.add_argument("--case", type=Path, help="what happened since (replan/1)")
    parser.add_argument(
        "--travel-is-work", action="store_true", help="count travel between visits as working time"
    )
    parser.add_argument("--json", action="store_true", help="print figures as JSON and no progress")
    return parser


def _stop(given: argparse.Namespace) -> Stop:
    if given.iterations:
        return Iterations(given.iterations)
    return ProcessorSeconds(given.seconds) if given.processor else Seconds(given.seconds)


def _problem(given: argparse.Namespace) -> Problem:
    problem = weekfile.load(given.week)
    if given.travel_is_work:
        problem = replace(problem, rules=replace(problem.rules, travel_is_work=True))
    if given.case is not None:
        published: Plan = weekfile.load_published(given.published)
        problem = merge(republish(problem, published), published, weekfile.load_case(given.case, problem))
    return problem


def _refuse(sentence: str) -> int:
    sys.stderr.write(f"{sentence}\n")
    return 2


def _show(progress: Progress) -> None:
    unserved, changes, soft = progress.layers
    sys.stderr.write(
        f"\r{progress.spent:6.1%}  {progress.iterations:>9} steps  unserved {unserved} min, changes {changes}, cost {soft}   "
    )
    sys.stderr.flush()


def _figures(problem: Problem, solution: Solution) -> dict[str, object]:
    score = solution.score
    return {
        "jobs": len(problem.jobs),
        "minutes": sum(job.team * job.minutes for job in problem.jobs),
        "unserved_minutes": score.unserved_minutes,
        "unserved_slots": score.unserved_slots,
        "unserved_at_least": unserved_bound(problem),
        "unserved_slots_at_least": unserved_slots_bound(problem),
        "changes": score.changes,
        "changes_at_least": changes_bound(problem, solution.plan),
        "soft_cost": score.soft_cost,
        "parts": dict(score.parts),
        "iterations": solution.iterations,
        "violations": [refusal.sentence for refusal in solution.violations],
        "unserved": {reason.job: reason.sentence for reason in solution.unserved},
    }


def _summary(problem: Problem, solution: Solution) -> str:
    score = solution.score
    asked = sum(job.team * job.minutes for job in problem.jobs)
    nobody = "could not be served by anyone"
    lines = [
        f"unserved   {score.unserved_minutes} of {asked} minutes, {score.unserved_minutes / max(asked, 1):.1%}",
        *_proved(unserved_bound(problem), "minutes", nobody),
        f"slots      {score.unserved_slots} unserved",
        *_proved(unserved_slots_bound(problem), "slots", nobody),
        f"changes    {score.changes}",
        *_proved(changes_bound(problem, solution.plan), "changes", "had to be made"),
        f"soft cost  {score.soft_cost}: " + ", ".join(f"{name} {cost}" for name, cost in score.parts.items()),
        f"steps      {solution.iterations}",
    ]
    lines += [f"  {reason.job}: {reason.sentence}" for reason in solution.unserved[:MOST_REASONS]]
    if len(solution.unserved) > MOST_REASONS:
        lines.append(f"  and {len(solution.unserved) - MOST_REASONS} more")
    lines += [f"BROKEN {refusal.sentence}" for refusal in solution.violations]
    return "\n".join(lines) + "\n"


def _proved(least: int, what: str, why: str) -> list[str]:
    return [f"           at least {least} {what} {why}"] if least else []


if __name__ == "__main__":
    sys.exit(main())
