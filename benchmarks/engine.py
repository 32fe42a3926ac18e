"""`make bench-engine`: the engine on `week/1` files beside its peers; every plan through the independent checker.

WEEKS=folder, SECONDS=1,10,60, SEEDS=5, SHORT=1 (1 second, 1 seed, no peers), PEERS=0. Seconds are processor seconds of
this process, so that a machine with other work does not change the figures. Exit 1 when a goal is missed.
"""

import os
import platform
import resource
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType

from rich.console import Console
from rich.table import Table

from benchmarks import goals, peers
from benchmarks.judging import ROOT, SHARED, Figures, Spread, as_json, checker, figures
from benchmarks.replans import percentile, replan
from scheduling.engine import compiled, weekfile
from scheduling.engine.bound import unserved_bound
from scheduling.engine.model import Plan
from scheduling.engine.solve import solve
from scheduling.engine.stop import Iterations, ProcessorSeconds


@dataclass
class Bench:
    """What to run, and what was missed so far."""

    judge: ModuleType
    folder: Path
    seconds: list[int]
    seeds: list[int]
    short: bool
    with_peers: bool
    console: Console = field(default_factory=lambda: Console(width=150))
    missed: list[str] = field(default_factory=list)

    @classmethod
    def asked(cls, judge: ModuleType) -> "Bench":
        """Return the bench as the environment asks for it."""
        short = os.environ.get("SHORT", "0") == "1"
        seconds = os.environ.get("SECONDS", "1" if short else "1,10,60")
        return cls(
            judge, Path(os.environ.get("WEEKS", SHARED / "weeks")), [int(one) for one in seconds.split(",")],
            list(range(1, 1 + int(os.environ.get("SEEDS", "1" if short else "5")))), short,
            os.environ.get("PEERS", "0" if short else "1") == "1",
        )  # fmt: skip

    def miss(self, sentence: str) -> None:
        """Note a goal that was missed."""
        self.missed.append(sentence)


def main() -> int:
    """Print the tables; return 1 when a goal is missed."""
    judge = checker()
    if judge is None:
        sys.stderr.write(
            "The shared folder with the independent checker is not here: nothing can be judged.\n"
        )
        return 1
    bench = Bench.asked(judge)
    weeks = sorted(bench.folder.glob("week-*.json*")) or sorted(bench.folder.glob("*.json*"))
    if not weeks:
        sys.stderr.write(f"There are no weeks in {bench.folder}: set WEEKS to a folder with week/1 files.\n")
        return 1
    _one_core()
    compiled.kernels()
    bench.console.print(_machine())
    _quality(bench, weeks)
    _start(bench, weeks)
    _replans(bench)
    for sentence in bench.missed:
        bench.console.print(f"MISSED  {sentence}")
    return 1 if bench.missed else 0


def _one_core() -> None:
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


def _machine() -> str:
    loads = ", ".join(f"{load:.1f}" for load in os.getloadavg())
    return (
        f"{platform.machine()}, {os.cpu_count()} cores of which one is used, Python {platform.python_version()}; "
        f"waiting for a core in the last 1, 5, 15 minutes: {loads}. Seconds are processor seconds: of the engine from "
        "the call of solve (tables and greedy start included), of a peer from its start (imports and loading included)."
    )


def _quality(bench: Bench, weeks: list[Path]) -> None:
    table = Table(
        "week",
        "who",
        "seconds",
        "unserved",
        "worst",
        "slots",
        "soft cost",
        "worst",
        "goal",
        "best known",
        "broken",
        "missed",
    )
    for week in weeks:
        name = week.name.split(".")[0]
        problem, raw = weekfile.load(week), bench.judge.load(week)

        def judged(plan: Plan, raw: object = raw) -> Figures:
            return figures(bench.judge.check(raw, as_json(plan)))

        bound = unserved_bound(problem)
        table.add_row(name, "proved bound", "", str(bound))
        greedy = judged(solve(problem, stop=Iterations(0), seed=1).plan)
        _row(table, bench, name, "greedy start", seconds=0, spread=Spread([greedy]))
        for seconds in bench.seconds:
            plans = [solve(problem, stop=ProcessorSeconds(seconds), seed=seed).plan for seed in bench.seeds]
            spread = Spread([judged(plan) for plan in plans])
            _row(table, bench, name, "engine", seconds=seconds, spread=spread)
            if spread.worst.unserved > greedy.unserved:
                bench.miss(f"{name}: {seconds} s leaves more unserved than the greedy start")
        if bench.with_peers:
            _peer(table, bench, week, name)
        table.add_section()
    bench.console.print(table)


def _row(table: Table, bench: Bench, name: str, who: str, *, seconds: int, spread: Spread) -> None:
    goal = goals.WEEKS.get(name, {}).get(seconds) if who == "engine" else None
    missed = goal.missed(spread) if goal else []
    if spread.violations and who != "CP-SAT peer":
        bench.miss(f"{name}: {who} at {seconds} s breaks {spread.violations} rules")
    if missed:
        bench.miss(
            f"{name} at {seconds} s: {' and '.join(missed)}, {spread.unserved}/{spread.soft} for {goal}"
        )
    table.add_row(
        "", who, str(seconds), str(spread.unserved), str(spread.worst.unserved), str(spread.slots), str(spread.soft),
        str(max(one.soft for one in spread.each)), str(goal or ""), goals.BEST_KNOWN.get(name, "") if goal else "",
        str(spread.violations), ", ".join(missed),
    )  # fmt: skip


def _peer(table: Table, bench: Bench, week: Path, name: str) -> None:
    """The peer runs once, with the first seed: it is here to compare with, not to be measured."""
    try:
        for seconds, found in peers.cpsat(bench.judge, week, max(bench.seconds), seed=1).items():
            if seconds in bench.seconds:
                _row(table, bench, name, "CP-SAT peer", seconds=seconds, spread=Spread([found]))
    except peers.NoPeer as why:
        bench.with_peers = False
        bench.console.print(str(why))


def _start(bench: Bench, weeks: list[Path]) -> None:
    """From a file to a first plan in a new process, and how a step grows with workers and jobs."""
    table = Table(
        "week",
        "workers",
        "jobs",
        "to a first plan",
        "of which loading",
        "clock",
        "microseconds a step",
        "tables and greedy",
    )
    for week in weeks:
        problem = weekfile.load(week)
        processor, clock = _new_process(week, bench)
        empty = _new_process(None, bench)[0]
        began = time.process_time()
        solve(problem, stop=Iterations(0), seed=1)
        first = time.process_time() - began
        began = time.process_time()
        solve(problem, stop=Iterations(20_000), seed=1)
        step = (time.process_time() - began - first) / 20_000
        workers = len(problem.workers)
        table.add_row(
            week.name.split(".")[0], str(workers), str(len(problem.jobs)), f"{processor:.2f} s", f"{empty:.2f} s",
            f"{clock:.2f} s", f"{step * 1e6:.1f}", f"{first:.2f} s",
        )  # fmt: skip
        if workers <= 100 and processor > goals.FIRST_PLAN_SECONDS:
            bench.miss(f"{week.name}: a first plan took {processor:.2f} s of the processor")
        if empty > goals.START_SECONDS:
            bench.miss(f"loading the engine took {empty:.2f} s of the processor")
    bench.console.print(table)


def _new_process(week: Path | None, bench: Bench) -> tuple[float, float]:
    """Processor seconds and seconds by the clock of a new process that makes a first plan, or only loads the engine."""
    out = ROOT / ".run" / "bench-plan.json"
    out.parent.mkdir(exist_ok=True)
    load = ["-c", "from scheduling.engine import compiled, compiled_search, solve; compiled.kernels()"]
    plan = ["-m", "scheduling.engine", str(week), "--out", str(out), "--seconds", "0", "--json"]
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    subprocess.run(
        [sys.executable, *(load if week is None else plan)], check=True, capture_output=True, cwd=ROOT
    )
    clock, after = time.monotonic() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    if week is not None and bench.judge.check(bench.judge.load(week), bench.judge.load(out))["violations"]:
        bench.miss(f"{week.name}: the first plan breaks rules")
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, clock


def _replans(bench: Bench) -> None:
    table = Table(
        "cases",
        "number",
        "p95 of the whole path",
        "unserved added",
        "changes beyond lost",
        "most in a case",
        "broken",
    )
    for folder in sorted(bench.folder.glob("replan-*")):
        week = bench.folder / f"{folder.name.replace('replan', 'week')}.json.gz"
        if not week.is_file():
            continue
        cases = replan(bench.judge, week, folder)
        seconds, added = percentile([one.seconds for one in cases], 0.95), sum(one.added for one in cases)
        beyond, most = sum(max(0, one.beyond) for one in cases), max(one.beyond for one in cases)
        broken = sum(one.violations for one in cases)
        table.add_row(
            folder.name, str(len(cases)), f"{seconds:.2f} s", str(added), str(beyond), str(most), str(broken)
        )
        if broken or seconds > goals.REPLAN_SECONDS:
            bench.miss(f"{folder.name}: {broken} rules broken, {seconds:.2f} s at the 95th percentile")
        if folder.name == "replan-100-a" and (
            added > goals.REPLAN_UNSERVED or beyond > goals.REPLAN_CHANGES or most > goals.REPLAN_CHANGES_EACH
        ):
            bench.miss(
                f"{folder.name}: {added} minutes more unserved, {beyond} changes beyond lost, {most} in one case"
            )
    if table.row_count:
        bench.console.print(table)


if __name__ == "__main__":
    sys.exit(main())
