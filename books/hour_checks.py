"""What of one hour must be equal, and is not: each difference as a sentence with both sides."""

from django.db.models import Sum
from django.utils.translation import gettext as _

from books import hour_shares
from cheques.models import Outstanding
from payroll.models import PaidPiece, PayRun, WageLine
from scheduling.models import Assignment


def differences(assignment: Assignment, *, everything: bool) -> list[str]:
    """Return what does not meet; wages and subsidies are only looked at for who may see them."""
    pairs = [_confirmed(assignment), _accepted(assignment)]
    if everything:
        pairs += [_paid(assignment), _wage(assignment)]
    return [
        _("%(left_name)s is %(left)s, maar %(right_name)s is %(right)s.")
        % {"left_name": left_name, "left": left, "right_name": right_name, "right": right}
        for left_name, left, right_name, right in pairs
        if left != right
    ]


Pair = tuple[str, int, str, int]


def _confirmed(assignment: Assignment) -> Pair:
    confirmed = assignment.visit.assignments.aggregate(total=Sum("confirmed_minutes"))["total"] or 0
    used = hour_shares.redeemed(assignment).aggregate(total=Sum("minutes"))["total"] or 0
    owed = Outstanding.objects.filter(key=f"visit:{assignment.visit_id}").first()
    open_minutes = owed.minutes - owed.settled_minutes if owed else 0
    return _("bevestigd (minuten)"), confirmed, _("met cheques betaald en openstaand"), used + open_minutes


def _accepted(assignment: Assignment) -> Pair:
    """Settled and accepted hours are confirmed or borne; before that there is nothing to compare."""
    names = _("geaccepteerd (minuten)"), _("bevestigd en voor onze rekening")
    settled = assignment.outcome not in {Assignment.Outcome.AWAITING, Assignment.Outcome.DISPUTED}
    if assignment.accepted_minutes is None or not settled:
        return names[0], 0, names[1], 0
    borne = assignment.borne.aggregate(total=Sum("minutes"))["total"] or 0
    return names[0], assignment.accepted_minutes, names[1], assignment.confirmed_minutes + borne


def _paid(assignment: Assignment) -> Pair:
    names = _("geaccepteerd (minuten)"), _("in de loonregel")
    pieces = PaidPiece.objects.filter(assignment=assignment, line__kind=WageLine.Kind.VISIT)
    pieces = pieces.exclude(line__run__state=PayRun.State.DRAFT)
    minutes = pieces.aggregate(total=Sum("minutes"))["total"]
    if minutes is None:
        return names[0], 0, names[1], 0
    return names[0], assignment.accepted_minutes or 0, names[1], minutes


def _wage(assignment: Assignment) -> Pair:
    names = _("kosten van de loonstrook (cent)"), _("alle delen samen")
    slip = hour_shares.slip_of(assignment)
    if slip is None:
        return names[0], 0, names[1], 0
    costs, rest = hour_shares.cost_of_pieces(slip)
    whole = slip.cost_cents
    return names[0], whole, names[1], sum(costs.values()) + rest
