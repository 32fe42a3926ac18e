"""The layers above the soft cost in one number, while a search is under way. Two plans are compared by their layers."""

from dataclasses import astuple, dataclass

from scheduling.engine.model import Problem


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
        return cls(unserved=10 * scale, change=300 * scale, heat=30.0 * scale)
