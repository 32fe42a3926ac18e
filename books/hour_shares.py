"""What one hour's part is of what is booked per visit, month, payslip and award: by largest remainder.

The parts are those of `result`, so an hour costs the same on every page: travel belongs to the visit it led to, and
what lifts a call to its minimum belongs to its first visit. The parts of all hours and that rest are the booked line.
"""

from django.db.models import Q, QuerySet, Sum
from django.utils import timezone

from books import result
from cheques.models import Outstanding, Redemption
from cheques.redemption import worth
from kernel.money import split_largest_remainder
from lawbook.cheques import PRICE_CENTS
from payroll.models import PaidPiece, Payslip, WageLine
from scheduling.models import Assignment
from subsidies.models import PieceShare


def redeemed(assignment: Assignment) -> "QuerySet[Redemption]":
    """Return what paid for the visit with cheques."""
    return Redemption.objects.filter(key=f"visit:{assignment.visit_id}")


def share_of_redemption(assignment: Assignment) -> int:
    """Return this worker's share of what the customer paid for the visit, by confirmed minutes."""
    return _by_minutes(assignment, int(redeemed(assignment).aggregate(total=Sum("cents"))["total"] or 0))


def cheques_net_cents(assignment: Assignment) -> int:
    """Return the cheques of this hour, paid or still owed, without VAT: that of the month on the total per rate."""
    day = timezone.localdate(assignment.visit.start_at)
    return result.net_of_assignments(day.replace(day=1)).get(assignment.pk, 0)


def vat_cents(assignment: Assignment) -> int:
    """Return the VAT in this hour's cheques."""
    gross = int(redeemed(assignment).aggregate(total=Sum("cents"))["total"] or 0)
    for owed in Outstanding.objects.filter(key=f"visit:{assignment.visit_id}"):
        gross += worth(owed.minutes - owed.settled_minutes, PRICE_CENTS.on(owed.used_on))
    return _by_minutes(assignment, gross) - cheques_net_cents(assignment)


def slip_of(assignment: Assignment) -> Payslip | None:
    """Return the payslip that this hour stands on."""
    piece = PaidPiece.objects.filter(assignment=assignment).select_related("line").order_by("pk").first()
    if piece is None:
        return None
    return Payslip.objects.select_related("run").get(run=piece.line.run_id, worker=assignment.worker_id)


def wage_cents(assignment: Assignment) -> int:
    """Return what this hour and the way to it cost: gross, and their share of allowance and premiums."""
    pieces = _pieces(assignment)
    slips = Payslip.objects.filter(worker=assignment.worker_id, run__in=pieces.values("line__run"))
    costs: dict[int, int] = {}
    for slip in slips.order_by("pk"):  # a correction stands on a later one
        costs |= cost_of_pieces(slip)[0]
    return sum(costs.get(piece, 0) for piece in pieces.values_list("pk", flat=True))


def cost_of_pieces(slip: Payslip) -> tuple[dict[int, int], int]:
    """Return the cost of every paid piece on a payslip, and what no piece carries; together its whole cost."""
    pieces = list(
        PaidPiece.objects.filter(line__run=slip.run_id, line__worker=slip.worker_id)
        .order_by("pk")
        .values_list("pk", "cents")
    )
    costs, rest = result.spread(slip, [cents for _pk, cents in pieces])
    return dict(zip([pk for pk, _cents in pieces], costs, strict=True)), rest


def subsidy_cents(assignment: Assignment) -> int:
    """Return the wage subsidy that was claimed for this hour and the way to it."""
    return int(shares(assignment).aggregate(total=Sum("cents"))["total"] or 0)


def shares(assignment: Assignment) -> "QuerySet[PieceShare]":
    """Return the parts of claim lines that belong to this hour."""
    return PieceShare.objects.filter(piece__in=_pieces(assignment)).exclude(line__state="refused")


def travel_minutes(assignment: Assignment) -> int:
    """Return the paid minutes of the way to this visit."""
    rows = _pieces(assignment).filter(assignment=None, line__kind=WageLine.Kind.TRAVEL)
    return int(rows.aggregate(total=Sum("minutes"))["total"] or 0)


def _pieces(assignment: Assignment) -> "QuerySet[PaidPiece]":
    led_here = Q(travel__destination=assignment.visit_id, travel__worker=assignment.worker_id)
    return PaidPiece.objects.filter(Q(assignment=assignment) | led_here)


def _by_minutes(assignment: Assignment, total: int) -> int:
    rows = list(assignment.visit.assignments.filter(confirmed_minutes__gt=0).order_by("pk"))
    if assignment.pk not in {row.pk for row in rows}:
        return 0
    parts = split_largest_remainder(total, [row.confirmed_minutes for row in rows])
    return dict(zip([row.pk for row in rows], parts, strict=True))[assignment.pk]
