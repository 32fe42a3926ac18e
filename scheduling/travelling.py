"""How long the way between two doors takes."""

from scheduling.week_problem import SPEED

Place = tuple[int, int]


def minutes_between(origin: Place, destination: Place, mode: str) -> int:
    """Return the minutes between two places on the street grid, rounded up."""
    metres = abs(origin[0] - destination[0]) + abs(origin[1] - destination[1])
    return -(-metres // SPEED[mode])
