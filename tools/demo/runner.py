"""What every phase needs: business time, progress, people, and the journal of what was acknowledged."""

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from rich.progress import Progress

from tools.demo.client import Person, Refusal
from tools.demo.journal import Journal
from tools.demo.neighbourhood import Asker, Cast
from tools.site import Stack

HANDS = 6  # people who act at the same time
PLAN_SECONDS = 8
BUYING = datetime(2026, 10, 26, 8, tzinfo=UTC)
PLANNING = datetime(2026, 11, 4, 11, tzinfo=UTC)
SICK = datetime(2026, 11, 9, 19, tzinfo=UTC)
CLOSING = datetime(2026, 11, 16, 8, tzinfo=UTC)
SILENT = datetime(2026, 11, 22, 8, tzinfo=UTC)
PAYDAY = datetime(2026, 12, 1, 8, tzinfo=UTC)
SETTLED = datetime(2026, 12, 21, 9, tzinfo=UTC)
MONTH = "2026-11-01"


class Runner:
    """Acts once, a few at a time, and moves business time; it never goes back."""

    def __init__(
        self,
        stack: Stack,
        cast: Cast,
        journal: Journal,
        progress: Progress,
        *,
        seed: int,
        after_sign_up: Callable[[], None] | None = None,
    ) -> None:
        self.stack, self.cast, self.journal, self.progress = stack, cast, journal, progress
        self.random = Random(seed)
        self.people: dict[str, Person] = {}
        self.lock = threading.Lock()
        self.after_sign_up = after_sign_up
        self.seen: list[dict[str, Any]] = []
        self.seconds = 60 if after_sign_up else PLAN_SECONDS

    def at(self, moment: datetime) -> None:
        """Move business time forward to a moment; it never goes back."""
        from identity import clock

        if clock.now() < moment or (clock.now() - moment > timedelta(minutes=5) and moment < PLANNING):
            clock.shift_to(moment)

    def once(self, name: str, act: Callable[[], object]) -> None:
        """Run one act with a line of progress, unless it was acknowledged before."""
        bar = self.progress.add_task(name, total=1)
        if f"phase:{name}" not in self.journal:
            act()
            self.journal.write(f"phase:{name}")
        self.progress.update(bar, completed=1)

    def keep(self, moment: str) -> None:
        """Keep the plan of a week file as it stands now, once, for the checker."""
        if self.after_sign_up and f"kept:{moment}" not in self.journal:
            from tools.demo import from_week

            from_week.keep(self.stack.folder, moment)
            self.journal.write(f"kept:{moment}")

    def everyone(self, name: str, things: Iterable[Any], act: Callable[[Any], object]) -> None:
        """Run an act for many, a few at a time, with a bar."""
        things = list(things)
        bar = self.progress.add_task(name, total=len(things))
        with ThreadPoolExecutor(HANDS) as hands:
            for _done in hands.map(act, things):
                self.progress.advance(bar)

    def person(self, email: str) -> Person:
        """Return somebody who is signed in."""
        if email not in self.people:
            someone = Person(self.stack.url(), self.stack.url("inbox"), email)
            someone.sign_in()
            self.people[email] = someone
        return self.people[email]

    def _asker(self, key: str) -> Asker:
        return next(asker for asker in self.cast.askers if asker.key == key)

    def step(self, key: str, act: Callable[[], object], known: set[str]) -> None:
        if key in self.journal:
            return
        try:
            act()
        except Refusal as refused:
            if refused.code not in known:
                raise
        self.journal.write(key)


def moment_of(text: str) -> datetime:
    return datetime.fromisoformat(text)


def habit(ref: str) -> tuple[int, int]:
    """Return how late somebody comes and how much longer they stay: the same each time it is asked."""
    draw = Random(ref)
    return draw.choice((-4, -2, 0, 0, 1, 3)), draw.choice((-5, -1, 0, 0, 2, 4, 9))
