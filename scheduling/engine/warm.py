"""Compile the kernels now, so that the first plan does not wait for it: `python -m scheduling.engine.warm`."""

import sys

from scheduling.engine.model import Client, Job, Problem, Rules, Worker
from scheduling.engine.solve import solve
from scheduling.engine.stop import Iterations


def main() -> int:
    """Plan one job, which calls every kernel once."""
    worker = Worker("w", 0, 0, "walk", 600, 600, ((480, 1080),), frozenset({"nl"}), {"cleaning": "qualified"})
    job = Job("j", "c", 100, 0, "cleaning", 1, 60, (600,))
    problem = Problem((worker,), (Client("c"),), (job,), Rules(speed={"walk": 75}))
    solve(problem, stop=Iterations(1), seed=1, backend="compiled")
    return 0


if __name__ == "__main__":
    sys.exit(main())
