"""What the averages of the law over some weeks leave for this one."""

from collections.abc import Sequence

from scheduling.engine.model import Minutes


def left(worked: Sequence[Minutes], *, weeks: int, average: Minutes) -> Minutes:
    """Return the minutes that may be worked this week so that no week of `weeks` averages more than `average`.

    `worked` has the minutes of earlier weeks, the latest first, at all employers together. Only the weeks that end with
    this one are looked at; those that end with a later week are later's to keep.

    Source: ATW art. 5:7.
    """
    return max(0, weeks * average - sum(worked[: weeks - 1]))
