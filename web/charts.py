"""Charts as SVG that the server draws: signs as well as colours, numbers beside them, a table below on the page."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

WIDTH, LEFT, RIGHT, BAR, GAP, TOP = 640, 8, 8, 22, 6, 8
HEIGHT, AXIS = 260, 66
PLAIN = {1, 4}


@dataclass(frozen=True)
class Part:
    """A part of a bar: which series, how much, and how it is said."""

    series: int
    value: int
    said: str


@dataclass(frozen=True)
class Bar:
    """A bar with its name; bars of one group stand together."""

    name: str
    parts: Sequence[Part]
    group: str = ""


def bars(title: str, finding: str, series: Sequence[str], rows: Sequence[Bar]) -> SafeString:
    """Draw stacked bars that lie; `finding` says in a sentence what can be seen. Parts below zero are left out."""
    key = f"hatch-{zlib.crc32(title.encode()):x}"
    most = max((sum(max(0, part.value) for part in row.parts) for row in rows), default=0) or 1
    drawn, top, group = [], TOP, None
    for row in rows:
        heading = row.group if row.group and row.group != group else ""
        group = row.group
        top += 30 if heading else 0
        drawn.append(
            {
                "name": row.name,
                "heading": heading,
                "heading_y": top - 4,
                "name_y": top + 15,
                **_laid(row, top + 26, most, key),
            }
        )
        top += 26 + BAR + GAP * 2
    facts = {
        "title": title, "finding": finding, "width": WIDTH, "height": top, "bars": drawn, "bar": BAR,
        "series": [(number, name, _fill(key, number)) for number, name in enumerate(series, start=1)], "left": LEFT,
    }  # fmt: skip
    return SafeString(render_to_string("components/chart_bars.html", facts))


def _fill(key: str, number: int) -> str:
    """Return the hatching of a series; some are plain."""
    return "" if number in PLAIN else f"{key}-{number}"


def _laid(row: Bar, top: int, most: int, key: str) -> dict[str, Any]:
    """Return the parts of a bar, each from where the one before it ends."""
    start, parts = 0, []
    for part in row.parts:
        if part.value <= 0:
            continue
        x, end = (LEFT + (WIDTH - LEFT - RIGHT) * place // most for place in (start, start + part.value))
        parts.append(
            {
                "x": x,
                "width": max(1, end - x),
                "series": part.series,
                "said": part.said,
                "fill": _fill(key, part.series),
            }
        )
        start += part.value
    return {"parts": parts, "top": top}


@dataclass(frozen=True)
class Line:
    """A series of values on the same steps, in tenths of a percent."""

    name: str
    tenths: Sequence[int]


def lines(
    title: str, finding: str, steps: Sequence[str], series: Sequence[Line], *, goal: int = 1000
) -> SafeString:
    """Draw lines over steps, with a line at the goal (1000 tenths: all is paid)."""
    most = max([goal, *(value for line in series for value in line.tenths)]) * 11 // 10
    wide, high = WIDTH - AXIS - 16, HEIGHT - 40
    across = [AXIS + wide * number // max(1, len(steps) - 1) for number in range(len(steps))]

    def up(tenths: int) -> int:
        return TOP + high - high * max(0, tenths) // most

    drawn = [
        {
            "name": line.name, "number": number,
            "points": " ".join(f"{x},{up(value)}" for x, value in zip(across, line.tenths, strict=True)),
            "dots": [(x, up(value)) for x, value in zip(across, line.tenths, strict=True)],
        }
        for number, line in enumerate(series, start=1)
    ]  # fmt: skip
    facts = {
        "title": title, "finding": finding, "width": WIDTH, "height": HEIGHT, "lines": drawn, "axis": AXIS,
        "right": WIDTH - 16, "goal": up(goal), "goal_label": up(goal) - 6, "floor": up(0),
        "marks": [(up(value), value // 10) for value in range(0, most, 250 if most < 1600 else 500)],
        "steps": [(x, step) for x, step in zip(across, steps, strict=True)][:: max(1, -(-len(steps) // 7))],
        "label_y": HEIGHT - 10,
    }  # fmt: skip
    return SafeString(render_to_string("components/chart_lines.html", facts))
