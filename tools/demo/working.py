"""The week passes: everybody checks in and out, one is sick, one does not come."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import groupby
from typing import Any

from tools.demo.client import Person, Refusal
from tools.demo.neighbourhood import MONDAY
from tools.demo.runner import HANDS, SICK, Runner, habit, moment_of

NOTED_AFTER = timedelta(minutes=15)
ENOUGH = timedelta(minutes=90)  # what the same worker does next begins late enough to be told as it was


class Working(Runner):
    """Lets the days of the week pass, hour by hour."""

    def _visits(self) -> list[dict[str, Any]]:
        """Return the visits of the week as the coordinators see them; asked again when something changed."""
        if not self.seen:
            self.seen = self._asked()
        return self.seen

    def _asked(self) -> list[dict[str, Any]]:
        return [
            visit
            for quarter in self.cast.quarters
            for visit in self.person(self.cast.quarters[quarter]).get(f"weeks/{MONDAY}")
        ]

    def _work(self) -> None:
        """Let the week pass: every worker checks in and out at their own time, one is sick, one does not come."""
        bar = self.progress.add_task("work", total=7 * 24)
        for hour in range(7 * 24):
            moment = datetime(MONDAY.year, MONDAY.month, MONDAY.day, tzinfo=UTC) + timedelta(hours=hour)
            if moment >= SICK and "phase:sick call" not in self.journal:
                self.at(SICK)
                self.once("sick call", self._sick_call)
            if hour % 24 == 0:
                self.seen = []
            if f"hour:{hour}" not in self.journal:
                self._pass_hour(moment)
                self.journal.write(f"hour:{hour}")
            self.progress.update(bar, completed=hour + 1)
        self.once("nobody could come", self._drop)

    def _pass_hour(self, since: datetime) -> None:
        if "no show" in self.journal and f"no show:{self.journal['no show']['row']}" not in self.journal:
            self._no_show()  # killed on the way
        acts = []
        for visit in self._visits():
            start, end = moment_of(visit["start_at"]), moment_of(visit["end_at"])
            for row in visit["assignments"]:
                if row["state"] not in {"assigned", "worked", "offered"}:
                    continue
                late, longer = habit(row["ref"])
                acts += [
                    (start + timedelta(minutes=late), "in", row, visit),
                    (end + timedelta(minutes=longer), "out", row, visit),
                ]
        due = sorted(
            (
                act
                for act in acts
                if act[0] < since + timedelta(hours=1) and f"{act[1]}:{act[2]['ref']}" not in self.journal
            ),
            key=lambda act: (act[0], act[1], act[2]["ref"]),
        )
        for moment, group in groupby(due, key=lambda act: act[0]):
            self.at(moment)
            with ThreadPoolExecutor(HANDS) as hands:
                list(hands.map(self._clock, group))

    def _clock(self, act: tuple[datetime, str, dict[str, Any], dict[str, Any]]) -> None:
        _when, way, row, visit = act
        key = f"{way}:{row['ref']}"
        if key in self.journal or f"no show:{row['ref']}" in self.journal:
            return
        if way == "in" and self._stays_away(row, visit):
            self._no_show()
            return
        if way == "out" and f"in:{row['ref']}" not in self.journal:
            return
        worker = self.person(row["email"])
        if row["state"] == "offered" and f"answered:{row['ref']}" not in self.journal:
            self.step(
                f"answered:{row['ref']}",
                partial(worker.post, f"assignments/{row['ref']}/answer", {"takes": True}),
                {"NotAnOffer"},
            )
        try:
            worker.post(f"assignments/{row['ref']}/check-{way}")
        except Refusal as refused:
            if refused.code not in {"AlreadyCheckedIn", "AlreadyCheckedOut"}:
                raise
        self.journal.write(key)

    def _coordinator_of(self, visit_ref: str) -> Person:
        from scheduling.models import Visit

        return self.person(
            self.cast.quarters[
                Visit.objects.select_related("neighbourhood").get(ref=visit_ref).neighbourhood.ref
            ]
        )

    def _replace(self, visit_ref: str) -> bool:
        """Send the best candidate; return whether there was one."""
        coordinator = self._coordinator_of(visit_ref)
        found = coordinator.get(f"visits/{visit_ref}/candidates")
        if not found:
            return False
        coordinator.post(f"visits/{visit_ref}/replace", {"worker": found[0]["worker"]})
        self.seen = []
        self._take_offers(visit_ref)
        return True

    def _take_offers(self, visit_ref: str = "") -> None:
        """Whoever is asked to step in, at one visit or anywhere, says yes on the phone."""
        asked = [visit for visit in self._asked() if visit_ref in {"", visit["ref"]}]
        for row in (row for visit in asked for row in visit["assignments"]):
            if row["state"] == "offered":
                self.step(
                    f"answered:{row['ref']}",
                    partial(
                        self.person(row["email"]).post, f"assignments/{row['ref']}/answer", {"takes": True}
                    ),
                    {"NotAnOffer"},
                )

    def _sick_call(self) -> None:
        """Whoever has most work on the next two days calls in sick in the evening."""
        from_at, until_at = SICK + timedelta(hours=9), SICK + timedelta(hours=53)
        days = {"from_at": from_at.isoformat(), "until_at": until_at.isoformat()}
        if "sick call" not in self.journal:
            load: dict[str, int] = {}
            for visit in self._visits():
                for row in visit["assignments"]:
                    if row["state"] == "assigned" and from_at <= moment_of(visit["start_at"]) < until_at:
                        load[row["email"]] = load.get(row["email"], 0) + 1
            email = max(sorted(load), key=lambda email: load[email])
            lost = self.person(email).post("work/sick", days)["visits"]
            self.journal.write("sick call", {"email": email, "visits": lost, **days})
        lost = self.journal["sick call"]["visits"]
        for ref in lost:
            if f"again:{ref}" not in self.journal:
                self.journal.write(f"again:{ref}", self._replace(ref))
        self.seen = []
        self.keep("after_sick")
        self.journal.write(
            "sick", {"lost": len(lost), "again": sum(self.journal[f"again:{ref}"] for ref in lost)}
        )

    def _stays_away(self, row: dict[str, Any], visit: dict[str, Any]) -> bool:
        """One worker does not come: the first who is expected alone on Thursday, for long enough to send another."""
        start = moment_of(visit["start_at"])
        with self.lock:
            if (
                "no show" not in self.journal and start.date() == date(2026, 11, 12) and row["state"] == "assigned"
                and visit["crew"] == 1 and moment_of(visit["end_at"]) - start >= ENOUGH
            ):  # fmt: skip
                told = {key: visit[key] for key in ("ref", "booking", "start_at")}
                self.journal.write("no show", {"row": row["ref"], "email": row["email"], **told})
        return "no show" in self.journal and self.journal["no show"]["row"] == row["ref"]

    def _no_show(self) -> None:
        """Note who did not come, and do the best of the proposals for that: the visit goes on later that day."""
        told = self.journal["no show"]
        self.at(moment_of(told["start_at"]) + NOTED_AFTER)
        self.keep("before_no_show")
        coordinator = self._coordinator_of(told["ref"])
        noted = partial(coordinator.post, f"assignments/{told['row']}/no-show")
        self.step(f"noted:{told['row']}", noted, {"NotExpected"})
        self._mend(coordinator, told["ref"])
        self.keep("after_no_show")
        self.journal.write(f"no show:{told['row']}")

    def _mend(self, coordinator: Person, visit_ref: str) -> None:
        repair = coordinator.post("repairs", {"cause": "no_show", "visits": [visit_ref]})
        until = time.monotonic() + 120
        while repair["state"] in {"asked", "running"}:
            if time.monotonic() > until:
                raise RuntimeError("proposals were asked and not made: see the worker's log")
            time.sleep(0.3)
            repair = coordinator.get(f"repairs/{repair['ref']}")
        for proposal in repair["proposals"]:
            try:
                coordinator.post(f"proposals/{proposal['ref']}/apply")
            except Refusal as refused:
                if refused.code not in {"WorldMoved", "BreaksARule"}:
                    raise
            else:
                break
        self.seen = []
        self._take_offers()

    def _drop(self) -> None:
        """Take back visits to which nobody could be sent."""
        self.seen = []
        for visit in self._visits():
            came = [row for row in visit["assignments"] if row["state"] in {"assigned", "offered", "worked"}]
            if visit["state"] == "published" and not came:
                self._coordinator_of(visit["ref"]).post(f"visits/{visit['ref']}/drop")
