"""The plans of a week file before the independent checker: as published, after the sick call, after the no-show."""

import json
import subprocess
import sys
from datetime import datetime, timedelta
from itertools import count, takewhile
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from scheduling.engine import weekfile
from tools.demo.from_week import email_in
from tools.demo.journal import Journal
from tools.demo.neighbourhood import MONDAY
from tools.demo.runner import SICK
from tools.demo.working import NOTED_AFTER

Json = dict[str, Any]
NOTICE_MINUTES, LATER_MINUTES, QUARTER = 60, 240, 15
"""Whoever steps in hears it an hour ahead; a client whose help did not come waits at most some hours longer."""


class Judge:
    """Writes plans and cases as files of the format, and says what the checker found."""

    def __init__(self, file: Path, journal: Journal, folder: Path, checker: Path) -> None:
        self.file, self.journal, self.folder, self.checker = file, journal, folder, checker
        self.week = weekfile.load(file)

    def judge(self) -> list[str]:
        """Print a line for each plan and return what is wrong with them."""
        if not self.checker.exists():
            return [f"the independent checker is not here, the plans are in {self.folder.name}"]
        faults = self._published()
        for title, told, now, before, events in self._replans():
            case = {
                "format": "replan/1", "base": self.week.name, "now": now, "kind": title, "events": events,
            }  # fmt: skip
            faults += self._replan(title, told, before, case)
        return faults

    def _published(self) -> list[str]:
        found = self._check(self._plan("published"))
        share = found["unserved_minutes"] / found["minutes"]
        size = len(self.week.workers)
        most = 0.06 if size <= 30 else 0.09 if size <= 100 else 0.13
        _say(
            f"published plan by the independent checker: {len(found['violations'])} violations,"
            f" {found['unserved_minutes']} of {found['minutes']} minutes unserved ({share:.1%}, at most {most:.0%})"
        )
        faults = _broken("published plan", found)
        return faults + ([f"{share:.1%} unserved, {most:.0%} is the most"] if share > most else [])

    def _replan(self, title: str, told: str, before: str, case: Json) -> list[str]:
        file = self.folder / f"case_{told}.json"
        file.write_text(json.dumps(case))
        found = self._check(self._plan(told), "--published", str(self._plan(before)), "--case", str(file))
        _say(
            f"plan after the {title} by the independent checker: {len(found['violations'])} violations,"
            f" {found['unserved_minutes']} of {found['minutes']} minutes unserved, {found['changes']} changes"
        )
        return _broken(f"plan after the {title}", found)

    def _replans(self) -> list[tuple[str, str, int, str, list[Json]]]:
        """Return of each new plan: what happened, its name, the minute, the plan before it, the events till then."""
        sick, missing = self.journal["sick call"], self.journal.entries.get("no show")
        absent: Json = {
            "type": "absent", "worker": self._worker(sick["email"]), "from": _minute(sick["from_at"]),
            "until": _minute(sick["until_at"]),
        }  # fmt: skip
        rows = [("sick call", "after_sick", _minute(SICK.isoformat()), "published", [absent])]
        if missing:
            now = _minute(missing["start_at"]) + int(NOTED_AFTER / timedelta(minutes=1))
            job = self._jobs()[missing["booking"]]
            no_show: Json = {
                "type": "no_show", "job": job, "worker": self._worker(missing["email"]), "starts": self._starts(job, now),
            }  # fmt: skip
            rows.append(("no-show", "after_no_show", now, "before_no_show", [absent, no_show]))
        return rows

    def _starts(self, job: str, now: int) -> list[int]:
        """Return when a visit to which nobody came may begin: some quarter of the same day, or as was asked."""
        first = -(-(now + NOTICE_MINUTES) // QUARTER) * QUARTER
        last = min(first + LATER_MINUTES, (now // 1440 + 1) * 1440 - self.week.job[job].minutes)
        later = takewhile(lambda minute: minute <= last, count(first, QUARTER))
        return sorted({*later, *(start for start in self.week.job[job].starts if start >= first)})

    def _plan(self, moment: str) -> Path:
        """Write a plan that was kept as a plan of the format. A crew that is not whole is no visit in it."""
        jobs, emails = self._jobs(), {email_in(self.week, one.id): one.id for one in self.week.workers}
        visits = [
            {"job": jobs[ref], "start": start, "workers": [emails[email] for email in crew]}
            for ref, start, crew in json.loads((self.folder / f"{moment}.json").read_text())
            if len(crew) >= self.week.job[jobs[ref]].team
        ]
        plan = self.folder / f"plan_{moment}.json"
        plan.write_text(json.dumps({"visits": visits}))
        return plan

    def _jobs(self) -> dict[str, str]:
        return {
            self.journal[key]["ref"]: key.removeprefix("booking:") for key in self.journal.keys("booking:")
        }

    def _worker(self, email: str) -> str:
        return next(one.id for one in self.week.workers if email_in(self.week, one.id) == email)

    def _check(self, plan: Path, *more: str) -> Json:
        done = subprocess.run(
            [sys.executable, str(self.checker), str(self.file), str(plan), *more],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        found: Json = json.loads(done.stdout)
        if "error" in found:
            raise RuntimeError(f"the independent checker cannot read {plan.name}: {found['error']}")
        return found


def _broken(what: str, found: Json) -> list[str]:
    rules = sorted({violation["rule"] for violation in found["violations"]})
    return [f"{len(found['violations'])} violations in the {what}: {', '.join(rules)}"] if rules else []


def _minute(moment: str) -> int:
    start = datetime(MONDAY.year, MONDAY.month, MONDAY.day, tzinfo=ZoneInfo("Europe/Amsterdam"))
    return round((datetime.fromisoformat(moment) - start).total_seconds() // 60)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
