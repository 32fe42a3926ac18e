"""The layers above the soft cost in one number, while a search is under way. Two plans are compared by their layers."""

from dataclasses import astuple, dataclass

from scheduling.engine.model import Problem

PROMISE = 60
"""A promise is broken when that serves more than so many minutes."""


@dataclass(frozen=True, slots=True)
class Prices:
    """What an unserved minute and a broken promise weigh against soft cost, and how dear a poor step may be at first."""

    unserved: int
    change: int
    heat: float

    @classmethod
    def of(cls, problem: Problem) -> "Prices":
        """The prices grow with the weights, so that a plan does not depend on the unit in which costs are counted."""
        scale = max(1, max(abs(weight) for weight in astuple(problem.weights)) // 30)
        return cls(unserved=10 * scale, change=10 * PROMISE * scale, heat=30.0 * scale)

    def rank(self, unserved: int, changes: int, soft_cost: int) -> tuple[int, int]:
        """What makes one plan better than another: less unserved and broken at these prices, then less soft cost."""
        return self.unserved * unserved + self.change * changes, soft_cost
