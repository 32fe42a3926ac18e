"""What the engine promises on the public weeks: unserved first, and soft cost only when unserved is no worse."""

from collections.abc import Mapping
from dataclasses import dataclass

from benchmarks.judging import Spread


@dataclass(frozen=True, slots=True)
class Goal:
    """At most so much after so many seconds; `slots` where the bar is in slots."""

    unserved: int | None = None
    soft: int | None = None
    slots: int | None = None

    def __str__(self) -> str:
        return f"{self.slots} slots" if self.slots is not None else f"{self.unserved}/{self.soft}"

    def missed(self, spread: Spread) -> list[str]:
        """Return the layers that miss, by the medians."""
        found = []
        if self.slots is not None and spread.slots > self.slots:
            found.append("slots")
        if self.unserved is not None and spread.unserved > self.unserved:
            found.append("unserved")
        if self.soft is not None and spread.soft > self.soft:
            found.append("soft")
        return found


def _row(*goals: tuple[int, int]) -> dict[int, Goal]:
    return {seconds: Goal(*goal) for seconds, goal in zip((1, 10, 60), goals, strict=True)}


_LARGE = {1: Goal(slots=40), 10: Goal(slots=16), 60: Goal(slots=12)}
WEEKS: Mapping[str, Mapping[int, Goal]] = {
    "week-30-a": _row((90, 6000), (90, 5750), (90, 5620)),
    "week-30-b": _row((420, 4400), (420, 4000), (420, 3890)),
    "week-100-a": _row((1110, 15150), (990, 14640), (930, 14750)),
    "week-100-b": _row((180, 12750), (60, 12400), (60, 11980)),
    "week-300-a": _LARGE,
    "week-300-b": _LARGE,
}
BEST_KNOWN = {
    "week-30-a": "90/5732",
    "week-30-b": "420/3968",
    "week-100-a": "930/14754",
    "week-100-b": "60/12098",
}

FIRST_PLAN_SECONDS = 1.5
START_SECONDS = 1.0
REPLAN_SECONDS = 1.0
REPLAN_UNSERVED = 1230
REPLAN_CHANGES = 12
REPLAN_CHANGES_EACH = 3
