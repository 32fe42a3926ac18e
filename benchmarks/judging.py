"""The independent checker of `week/1`, and what a plan is by it: every figure of the bench comes from here."""

import importlib.util
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from scheduling.engine.model import Plan

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared" / "scheduling"


@dataclass(frozen=True, order=True)
class Figures:
    """What the checker says of one plan; the order is the order of the layers."""

    unserved: int
    changes: int
    soft: int
    slots: int
    violations: int


@dataclass(frozen=True)
class Spread:
    """The plans of several seeds."""

    each: Sequence[Figures]

    @property
    def unserved(self) -> int:
        return round(statistics.median(one.unserved for one in self.each))

    @property
    def soft(self) -> int:
        return round(statistics.median(one.soft for one in self.each))

    @property
    def slots(self) -> int:
        return round(statistics.median(one.slots for one in self.each))

    @property
    def worst(self) -> Figures:
        return max(self.each)

    @property
    def violations(self) -> int:
        return sum(one.violations for one in self.each)


def checker() -> ModuleType | None:
    """Return the checker, or None where the shared folder is not."""
    file = SHARED / "check_week.py"
    spec = importlib.util.spec_from_file_location("check_week", file) if file.is_file() else None
    if spec is None or spec.loader is None:
        return None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def as_json(plan: Plan) -> dict[str, Any]:
    """Return the plan as the format writes it."""
    return {"visits": [{"job": v.job, "start": v.start, "workers": list(v.workers)} for v in plan.visits]}


def figures(found: dict[str, Any]) -> Figures:
    """Return the checker's answer as figures."""
    return Figures(
        found["unserved_minutes"],
        found["changes"],
        found["soft_cost"],
        found["unserved_slots"],
        len(found["violations"]),
    )
