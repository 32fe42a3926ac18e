"""The hour as one chain: bought, held, planned, worked, paid with cheques, wage, subsidy, rest.

Each viewer sees the links they have a right to. What is booked per invoice, payslip or award month is shown as
this hour's share by largest remainder, so that all shares of a booked line add up to it.
"""

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from django.db.models import Sum
from django.utils.translation import gettext as _

from cheques.models import Lot, Movement, Redemption
from identity import permissions
from identity.models import CustomerMember, Role, User
from kernel.money import split_largest_remainder, vat_inside
from payroll.models import PaidPiece, Payment, Payslip
from scheduling.models import Assignment
from subsidies.models import PieceShare

ALL = frozenset(range(1, 9))
SEES: dict[str, frozenset[int]] = {
    "resident": frozenset({1, 2, 3, 4, 5}), "firm": frozenset({1, 2, 3, 4, 5}), Role.WORKER: frozenset({3, 4, 6}),
    Role.COORDINATOR: frozenset({2, 3, 4, 5}), Role.QA: frozenset({2, 3, 4, 5}), Role.PAYROLL: ALL,
    Role.TREASURER: ALL, Role.AUDITOR: ALL,
}  # fmt: skip
MONEY_OF_FIVE_HIDDEN = frozenset({Role.COORDINATOR, Role.QA})


@dataclass(frozen=True)
class Step:
    """One link. `cents` is None where the viewer sees no amount, or none exists yet."""

    number: int
    name: str
    text: str
    cents: int | None
    done: bool


@dataclass(frozen=True)
class Chain:
    """The steps a viewer may see, and for those who see all: what the hour cost and who paid it."""

    assignment: Assignment
    steps: list[Step]
    cost_cents: int | None
    cheques_cents: int | None
    subsidy_cents: int | None
    adds_up: bool

    @property
    def rest_cents(self) -> int | None:
        """What neither cheques nor subsidy paid."""
        if self.cost_cents is None or self.cheques_cents is None or self.subsidy_cents is None:
            return None
        return self.cost_cents - self.cheques_cents - self.subsidy_cents


def visible_steps(assignment: Assignment, viewer: User, *, at: datetime) -> frozenset[int]:
    """Return the numbers of the steps that a user may see of an hour; empty when it is none of theirs."""
    seen: set[int] = set()
    booking, day = assignment.visit.booking, at.date()
    if CustomerMember.objects.filter(customer=booking.customer_id, user=viewer).exists():
        seen |= SEES["resident"]
    if assignment.worker.user_id == viewer.pk:
        seen |= SEES[Role.WORKER]
    for role in (Role.COORDINATOR, Role.QA):
        if permissions.has(viewer, role, on=day, neighbourhood=assignment.visit.neighbourhood):
            seen |= SEES[role]
    for role in (Role.PAYROLL, Role.TREASURER, Role.AUDITOR):
        if permissions.has(viewer, role, on=day):
            seen |= SEES[role]
    return frozenset(seen)


def chain(assignment: Assignment, *, viewer: User, at: datetime) -> Chain:
    """Return the chain of one worker's hours at one visit, as far as the viewer may see it."""
    seen = visible_steps(assignment, viewer, at=at)
    everything = seen == ALL
    with_money = everything or bool(seen & {1})
    makers = (_bought, _held, _planned, _worked, _paid, _wage, _subsidy)
    steps = [
        make(assignment, with_money or number == 6)
        for number, make in enumerate(makers, start=1)
        if number in seen
    ]
    cost = wage_cents(assignment) if everything else None
    cheques = cheques_net_cents(assignment) if everything else None
    subsidy = subsidy_cents(assignment) if everything else None
    shown = Chain(assignment, steps, cost, cheques, subsidy, _adds_up(assignment))
    if everything and shown.rest_cents is not None:
        text = (
            _("Uit re-integratiegeld en eigen middelen.")
            if shown.rest_cents > 0
            else _("Cheques en subsidie waren samen meer dan de kosten.")
        )
        steps.append(Step(8, _("Rest"), text, shown.rest_cents, cost is not None and cost > 0))
    return shown


def share_of_redemption(assignment: Assignment, column: str = "cents") -> int:
    """Return this worker's share of what the customer paid for the visit, by confirmed minutes."""
    rows = list(assignment.visit.assignments.filter(confirmed_minutes__gt=0).order_by("pk"))
    total = _redeemed(assignment).aggregate(total=Sum(column))["total"] or 0
    if not rows or assignment.pk not in {row.pk for row in rows}:
        return 0
    parts = split_largest_remainder(int(total), [row.confirmed_minutes for row in rows])
    return dict(zip([row.pk for row in rows], parts, strict=True))[assignment.pk]


def cheques_net_cents(assignment: Assignment) -> int:
    """Return the cheques of this hour without VAT."""
    rate = _redeemed(assignment).values_list("vat_rate", flat=True).first()
    gross = share_of_redemption(assignment)
    return gross - vat_inside(gross, rate) if rate is not None else 0


def wage_cents(assignment: Assignment) -> int:
    """Return wage, holiday allowance and premiums of this hour: its share of the payslip by largest remainder."""
    piece = PaidPiece.objects.filter(assignment=assignment).select_related("line").first()
    if piece is None:
        return 0
    slip = Payslip.objects.get(run=piece.line.run_id, worker=assignment.worker_id)
    pieces = list(
        PaidPiece.objects.filter(line__run=slip.run_id, line__worker=slip.worker_id)
        .order_by("pk")
        .values_list("pk", "cents")
    )
    on_top = split_largest_remainder(
        slip.holiday_cents + slip.premium_cents, [Fraction(cents) for _pk, cents in pieces]
    )
    return piece.cents + dict(zip([pk for pk, _cents in pieces], on_top, strict=True))[piece.pk]


def subsidy_cents(assignment: Assignment) -> int:
    """Return the wage subsidy that was claimed for this hour."""
    shares = PieceShare.objects.filter(piece__assignment=assignment)
    return int(shares.aggregate(total=Sum("cents"))["total"] or 0)


def _redeemed(assignment: Assignment):  # type: ignore[no-untyped-def]
    return Redemption.objects.filter(key=f"visit:{assignment.visit_id}")


def _lots(assignment: Assignment) -> list[Lot]:
    moved = Movement.objects.filter(hold=assignment.visit.booking.hold_id).values("lot")
    return list(Lot.objects.filter(pk__in=moved).select_related("order", "parent__order").order_by("pk"))


def _bought(assignment: Assignment, with_money: bool) -> Step:
    lots = _lots(assignment)
    text = "; ".join(
        _("%(hours)s cheques op %(day)s, bestelling %(ref)s")
        % {"hours": lot.origin.hours, "day": f"{lot.issued_at:%d-%m-%Y}", "ref": lot.origin.ref}
        for lot in lots
    )
    cents = sum(lot.origin.total_cents for lot in lots) if with_money else None
    return Step(1, _("Gekocht"), text, cents, bool(lots))


def _held(assignment: Assignment, with_money: bool) -> Step:
    hold = assignment.visit.booking.hold
    text = _("%(minutes)s minuten apart gezet op %(day)s") % {
        "minutes": hold.minutes,
        "day": f"{hold.placed_at:%d-%m-%Y}",
    }
    del with_money
    return Step(2, _("Gereserveerd"), text, None, True)


def _planned(assignment: Assignment, _with_money: bool) -> Step:
    why = ", ".join(line["nl"] for line in assignment.why)
    text = f"{assignment.worker.user.name}: {why}" if why else assignment.worker.user.name
    return Step(3, _("Gepland"), text, None, True)


def _worked(assignment: Assignment, _with_money: bool) -> Step:
    if assignment.recorded_minutes is None:
        return Step(4, _("Gewerkt"), _("Nog niet gewerkt."), None, False)
    text = _("%(recorded)s minuten, geaccepteerd %(accepted)s, bevestigd %(confirmed)s (%(how)s)") % {
        "recorded": assignment.recorded_minutes, "accepted": assignment.accepted_minutes or "-",
        "confirmed": assignment.confirmed_minutes, "how": assignment.get_outcome_display(),
    }  # fmt: skip
    return Step(4, _("Gewerkt"), text, None, True)


def _paid(assignment: Assignment, with_money: bool) -> Step:
    gross = share_of_redemption(assignment)
    if not gross:
        return Step(5, _("Betaald met cheques"), _("Nog niet: eerst worden de uren bevestigd."), None, False)
    rate = _redeemed(assignment).values_list("vat_rate", flat=True).first() or 0
    text = _("met cheques, btw %(rate)s%%") % {"rate": f"{rate * 100:.0f}"}
    return Step(5, _("Betaald met cheques"), text, gross if with_money else None, True)


def _wage(assignment: Assignment, _with_money: bool) -> Step:
    piece = PaidPiece.objects.filter(assignment=assignment).select_related("line").first()
    if piece is None:
        return Step(6, _("Loon"), _("Nog niet: na het einde van de maand."), None, False)
    paid = Payment.objects.filter(
        payslip__run=piece.line.run_id, payslip__worker=assignment.worker_id, state=Payment.State.BOOKED
    ).first()
    text = _("%(minutes)s minuten tegen %(rate)s cent per uur; %(state)s") % {
        "minutes": piece.minutes, "rate": piece.line.rate_cents,
        "state": _("door de bank afgeschreven") if paid else _("nog niet afgeschreven"),
    }  # fmt: skip
    return Step(6, _("Loon"), text, piece.cents, True)


def _subsidy(assignment: Assignment, _with_money: bool) -> Step:
    share = PieceShare.objects.filter(piece__assignment=assignment).select_related("line__claim").first()
    if share is None:
        return Step(7, _("Subsidie"), _("Geen loonkostensubsidie voor dit uur."), 0, False)
    text = _("aanvraag %(ref)s, %(state)s") % {
        "ref": share.line.claim.ref,
        "state": share.line.get_state_display(),
    }
    return Step(7, _("Subsidie"), text, subsidy_cents(assignment), True)


def _adds_up(assignment: Assignment) -> bool:
    """Confirmed minutes of the visit are redeemed or outstanding."""
    from cheques.models import Outstanding

    confirmed = assignment.visit.assignments.aggregate(total=Sum("confirmed_minutes"))["total"] or 0
    redeemed = _redeemed(assignment).aggregate(total=Sum("minutes"))["total"] or 0
    open_row = Outstanding.objects.filter(key=f"visit:{assignment.visit_id}").first()
    outstanding = open_row.minutes - open_row.settled_minutes if open_row else 0
    return bool(confirmed == redeemed + outstanding)
