"""When a search ends: after so long, after so many steps, or when somebody says so."""

import time
from collections.abc import Callable
from typing import Protocol


class Stop(Protocol):
    """What share of its allowance a search has used."""

    def spent(self, iterations: int) -> float:
        """Return the share that is used after so many iterations; 1 or more ends the search."""
        ...

    def most(self) -> int | None:
        """Return the most iterations there will be, or None when that is not known."""
        ...


class Seconds:
    """Ends after so many seconds since it was made, or since `since` on the clock of `time.monotonic`."""

    def __init__(self, seconds: float, *, since: float | None = None) -> None:
        self._began = time.monotonic() if since is None else since
        self._seconds = seconds

    def spent(self, iterations: int) -> float:  # noqa: ARG002 - the protocol's argument
        if self._seconds <= 0:
            return 1.0
        return (time.monotonic() - self._began) / self._seconds

    def most(self) -> int | None:
        return None


class ProcessorSeconds:
    """Ends after so many seconds of work of this process, so that a busy machine does not shorten the search."""

    def __init__(self, seconds: float) -> None:
        self._began = time.process_time()
        self._seconds = seconds

    def spent(self, iterations: int) -> float:  # noqa: ARG002 - the protocol's argument
        return (time.process_time() - self._began) / self._seconds if self._seconds > 0 else 1.0

    def most(self) -> int | None:
        return None


class Iterations:
    """Ends after so many iterations, which gives the same plan on every machine with the same search."""

    def __init__(self, iterations: int) -> None:
        self._iterations = iterations

    def spent(self, iterations: int) -> float:
        return iterations / self._iterations if self._iterations > 0 else 1.0

    def most(self) -> int | None:
        return self._iterations


class Asked:
    """Ends when `asked()` is true, or after `within` at the latest."""

    def __init__(self, asked: Callable[[], bool], *, within: Stop) -> None:
        self._asked = asked
        self._within = within

    def spent(self, iterations: int) -> float:
        return 1.0 if self._asked() else self._within.spent(iterations)

    def most(self) -> int | None:
        return self._within.most()
