"""Months that were paid differently from what they should have paid: the difference, to be paid in the open month.

A month that is closed never changes. A contract agreed late, a birth day mended, a row that the lawbook got later or
time entered afterwards changes what it should have paid; the difference is a line labelled with the month worked.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from kernel.periods import add_months, month_of
from lawbook.agreements import CORRECTION_MONTHS
from payroll import reckoning
from payroll.gathering import agreements_of, bases, gather
from payroll.models import PaidPiece, PaidTime, PayRun, WageLine, WorkerFile
from payroll.payslip import Key, Kind, Piece
from payroll.payslip import WageLine as Line
from payroll.terms import Agreement

LONGEST_RULE = 200
Amounts = dict[Key, list[int]]  # minutes and cents by piece


@dataclass(frozen=True)
class Correction:
    """What one closed month still owes a worker, or paid too much; `basis` is of the facts it now rests on."""

    worker_id: int
    month: date
    lines: tuple[Line, ...]
    basis: str

    @property
    def cents(self) -> int:
        return sum(line.cents for line in self.lines)


def find(month: date) -> list[Correction]:
    """Return the corrections of all months that were fixed before a month, oldest first.

    Only a worker whose facts changed since is computed again.

    :raises LawMissing: the lawbook no longer has a wage for a day that was worked.
    """
    oldest = add_months(month, -CORRECTION_MONTHS.on(month))
    runs = PayRun.objects.exclude(state=PayRun.State.DRAFT).filter(month__lt=month, month__gte=oldest)
    files = WorkerFile.objects.select_related("worker").defer("bsn", "iban")
    agreements = agreements_of(files.prefetch_related("worker__contracts"))
    return [correction for run in runs.order_by("month") for correction in _of_run(run, agreements)]


def _of_run(run: PayRun, agreements: Mapping[int, Agreement]) -> list[Correction]:
    days = month_of(run.month)
    known = dict(run.payslips.exclude(basis="").values_list("worker", "basis"))
    late = PaidTime.objects.filter(on__gte=days.start, on__lt=days.end)
    late = late.exclude(worker__in=run.payslips.values("worker"))
    ids = {*known, *late.values_list("worker", flat=True)}
    now = bases({pk: terms for pk, terms in agreements.items() if pk in ids}, days)
    changed = sorted(pk for pk, basis in now.items() if known.get(pk) != basis)
    if not changed:
        return []
    facts, paid = gather({pk: agreements[pk] for pk in changed}, days), _paid(changed, run.month)
    found = []
    for pk in changed:
        lines = _difference(reckoning.lines(facts[pk], days), paid.get(pk, ()), run.month)
        if lines or pk in known:
            found.append(Correction(pk, run.month, tuple(lines), now[pk]))
    return found


def _paid(ids: Sequence[int], month: date) -> dict[int, list[WageLine]]:
    """Return the lines that were fixed for a month, in its own run and in later ones."""
    rows = (
        WageLine.objects.filter(worker__in=ids, month=month)
        .exclude(run__state=PayRun.State.DRAFT)
        .exclude(kind__in=[WageLine.Kind.HOLIDAY, WageLine.Kind.LEAVE_LEFT])
        .prefetch_related("pieces")
    )
    paid: defaultdict[int, list[WageLine]] = defaultdict(list)
    for row in rows.order_by("pk"):
        paid[row.worker_id].append(row)
    return dict(paid)


def _difference(should: Iterable[Line], paid: Iterable[WageLine], month: date) -> list[Line]:
    """Return one line per kind with what is different: new less paid, also per piece of work."""
    pieces: defaultdict[Kind, Amounts] = defaultdict(dict)
    last: dict[Kind, tuple[int, str]] = {}
    for row in paid:
        kind = Kind(row.kind)
        last.setdefault(kind, (row.rate_cents, row.rule))
        for piece in row.pieces.all():
            _add(pieces[kind], key_of(piece), -piece.minutes, -piece.cents)
    for line in should:
        last[line.kind] = (line.rate_cents, line.rule)
        for part in line.pieces:
            _add(pieces[line.kind], part.key, part.minutes, part.cents)
    lines = [_line(kind, pieces[kind], last[kind], month) for kind in Kind if kind in pieces]
    return [line for line in lines if line is not None]


def _line(kind: Kind, amounts: Amounts, wage: tuple[int, str], month: date) -> Line | None:
    parts = tuple(Piece(key, *amount) for key, amount in amounts.items() if any(amount))
    minutes, cents = sum(part.minutes for part in parts), sum(part.cents for part in parts)
    if not minutes and not cents:
        return None
    rate, rule = wage
    return Line(kind, month_of(month), minutes, rate, cents, f"correction: {rule}"[:LONGEST_RULE], parts)


def _add(amounts: Amounts, key: Key, minutes: int, cents: int) -> None:
    amount = amounts.setdefault(key, [0, 0])
    amount[0] += minutes
    amount[1] += cents


def key_of(piece: PaidPiece) -> Key:
    """Return the name of the work that a piece pays, as the reckoning knows it."""
    if piece.assignment_id is not None:
        return f"a:{piece.assignment_id}"
    return f"t:{piece.travel_id}" if piece.travel_id is not None else f"p:{piece.time_id}"
