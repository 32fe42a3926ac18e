"""The answer of the bureau: one line per worker, where net and withheld make the gross again."""

from dataclasses import dataclass, replace
from typing import Any

from .gross import Row
from .rates import NOTICE, withhold

COLUMNS = (
    "run_ref",
    "worker_ref",
    "gross_cents",
    "withheld_tax_cents",
    "employee_premium_cents",
    "net_cents",
    "employer_premium_cents",
)
FAULTS = ("lose_worker", "double_worker", "off_by_a_cent", "change_gross")
CHANGED_CENTS = 100  # in the gross and in the net, so that the line still adds up
ANYBODY = "*"


@dataclass(frozen=True)
class NetLine:
    """What one worker gets and what is kept, over all periods of the run."""

    run_ref: str
    worker_ref: str
    gross_cents: int = 0
    withheld_tax_cents: int = 0
    employee_premium_cents: int = 0
    net_cents: int = 0
    employer_premium_cents: int = 0


def net_lines(rows: list[Row]) -> list[NetLine]:
    """Return a line per worker, in the order of the export; each period is taxed by itself."""
    lines: dict[str, NetLine] = {}
    for row in rows:
        kept = withhold(row.gross_cents)
        before = lines.get(row.worker_ref, NetLine(row.run_ref, row.worker_ref))
        lines[row.worker_ref] = replace(
            before,
            gross_cents=before.gross_cents + row.gross_cents,
            withheld_tax_cents=before.withheld_tax_cents + kept.tax_cents,
            employee_premium_cents=before.employee_premium_cents + kept.employee_premium_cents,
            net_cents=before.net_cents + row.gross_cents - kept.tax_cents - kept.employee_premium_cents,
            employer_premium_cents=before.employer_premium_cents + kept.employer_premium_cents,
        )
    return list(lines.values())


def spoiled(lines: list[NetLine], faults: dict[str, Any]) -> list[NetLine]:
    """Return the lines with the mistakes that are on; a switch names a worker, or ``*`` for the first."""

    def hit(fault: str, line: NetLine) -> bool:
        name = faults.get(fault)
        return name == line.worker_ref or (name == ANYBODY and line.worker_ref == lines[0].worker_ref)

    made: list[NetLine] = []
    for line in lines:
        if hit("lose_worker", line):
            continue
        shown = replace(line, net_cents=line.net_cents + 1) if hit("off_by_a_cent", line) else line
        if hit("change_gross", line):
            gross, net = line.gross_cents + CHANGED_CENTS, line.net_cents + CHANGED_CENTS
            shown = replace(line, gross_cents=gross, net_cents=net)
        made += [shown, shown] if hit("double_worker", line) else [shown]
    return made


def as_csv(lines: list[NetLine]) -> str:
    rows = [";".join(str(getattr(line, name)) for name in COLUMNS) for line in lines]
    return "\n".join([NOTICE, ";".join(COLUMNS), *rows]) + "\n"
