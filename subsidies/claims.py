"""Claim a month's wage subsidies from a municipality: one line per award, month and segment."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q, Sum
from django.utils.translation import gettext as _

from bank.models import Allocation
from events.recording import record
from identity.models import Municipality, User
from kernel.errors import Refused
from kernel.periods import Period, local_day, moments, month_of
from ledger.models import Account
from ledger.posting import Move, post, post_each
from payroll.models import PaidPiece, PayRun, Payslip, WageLine
from subsidies import awards as decisions
from subsidies import claim_pack, loonkosten, variable_hours
from subsidies.models import Award, Claim, ClaimLine, PieceShare


class WagesNotFixed(Refused):
    """The month's wages are not fixed, so there is nothing to prove the claim with."""


class NothingToClaim(Refused):
    """Every line of the month is claimed already, or there is no award."""


class NotADraft(Refused):
    """The claim was sent."""


class NotSent(Refused):
    """Only a line of a claim that was sent can be refused."""


@transaction.atomic(durable=True)
def make(municipality_id: int, *, month: date, by: User, at: datetime) -> Claim:
    """Make the claim of a month: what is not claimed yet, or was refused and may be asked again.

    :raises WagesNotFixed: the pay run of the month is missing or a draft.
    :raises NothingToClaim: there is nothing (more) to ask.
    """
    days = month_of(month)
    run = PayRun.objects.exclude(state=PayRun.State.DRAFT).filter(month=days.start).first()
    if run is None:
        raise WagesNotFixed(_("De lonen van deze maand zijn nog niet vastgesteld."))
    Municipality.objects.select_for_update(no_key=True).get(pk=municipality_id)
    found = _segments(municipality_id, days, run)
    if not found:
        raise NothingToClaim(_("Over deze maand is niets (meer) te vragen."))
    number = Claim.objects.filter(municipality_id=municipality_id, month=days.start).count() + 1
    claim = Claim.objects.create(
        municipality_id=municipality_id, month=days.start, number=number, made_at=at, made_by=by
    )
    for award, segment in found:
        line = ClaimLine.objects.create(
            claim=claim, award=award, month=days.start, from_on=segment.days.start, until_on=segment.days.end,
            subsidy_cents=segment.subsidy_cents, compensation_cents=segment.compensation_cents, rule=segment.rule,
        )  # fmt: skip
        _share(line, run)
    claim.digest = claim_pack.digest(claim.pk)
    claim.save(update_fields=["digest"])
    record("claim.made", claim, by_id=by.pk, at=at, lines=len(found))
    return claim


@transaction.atomic(durable=True)
def send(claim_id: int, *, by: User, at: datetime) -> Claim:
    """Send a claim: the municipality owes it from the last day of its month.

    :raises NotADraft: it was sent before.
    """
    claim = Claim.objects.select_for_update(no_key=True).get(pk=claim_id)
    if claim.state != Claim.State.DRAFT:
        raise NotADraft(_("Deze aanvraag is al ingediend."))
    last_day = month_of(claim.month).end - timedelta(days=1)
    facts = {
        f"claimline:{line.pk}": [
            Move(
                Account.SUBSIDIES_DUE, Account.SUBSIDY_INCOME, line.subsidy_cents + line.compensation_cents,
                f"worker:{line.award.worker_id}",
            )
        ]
        for line in claim.lines.select_related("award").order_by("pk")
    }  # fmt: skip
    post_each(facts, last_day)
    claim.state, claim.sent_at, claim.sent_by = Claim.State.SENT, at, by
    claim.save(update_fields=["state", "sent_at", "sent_by"])
    record("claim.sent", claim, by_id=by.pk, at=at)
    return claim


@transaction.atomic(durable=True)
def refuse_line(line_id: int, *, reason: str, by: User, at: datetime) -> ClaimLine:
    """Write down that the municipality refused a line; it may be claimed again, alone.

    :raises NotSent: the claim was not sent, or the line was refused or received before.
    """
    claim_id = ClaimLine.objects.values_list("claim", flat=True).get(pk=line_id)
    claim = Claim.objects.select_for_update(no_key=True).get(pk=claim_id)
    line = (
        ClaimLine.objects.select_for_update(no_key=True, of=("self",))
        .select_related("claim", "award")
        .get(pk=line_id)
    )
    if line.state != ClaimLine.State.CLAIMED or line.claim.state == Claim.State.DRAFT:
        raise NotSent(_("Deze regel is niet ingediend, of al beantwoord."))
    post(
        f"claimline:{line.pk}:refused", local_day(at),
        Move(
            Account.SUBSIDY_INCOME, Account.SUBSIDIES_DUE, line.subsidy_cents + line.compensation_cents,
            f"worker:{line.award.worker_id}",
        ),
    )  # fmt: skip
    line.shares.all().delete()
    line.state, line.reason = ClaimLine.State.REFUSED, reason[:160]
    line.save(update_fields=["state", "reason"])
    record("claimline.refused", line, by_id=by.pk, at=at)
    settle(claim)
    return line


@transaction.atomic(durable=True)
def withdraw(claim_id: int, *, by: User, at: datetime) -> Claim:
    """Take back a claim that was not sent: its lines can be asked again, in another.

    :raises NotADraft: it was sent or withdrawn.
    """
    claim = Claim.objects.select_for_update(no_key=True).get(pk=claim_id)
    if claim.state != Claim.State.DRAFT:
        raise NotADraft(_("Deze aanvraag is al ingediend."))
    PieceShare.objects.filter(line__claim=claim).delete()
    claim.lines.all().delete()
    claim.state = Claim.State.DROPPED
    claim.save(update_fields=["state"])
    record("claim.withdrawn", claim, by_id=by.pk, at=at)
    return claim


def settle(claim: Claim) -> None:
    """Close a claim when all that is left of it came in, or nothing of it is left. Step: the caller owns the transaction and the claim's lock."""
    if not claim.lines.exclude(state=ClaimLine.State.REFUSED).exists():
        claim.state = Claim.State.REFUSED  # nothing of it is left to receive
        claim.save(update_fields=["state"])
        return
    if received_cents(claim) != total_cents(claim):
        return
    claim.lines.filter(state=ClaimLine.State.CLAIMED).update(state=ClaimLine.State.RECEIVED)
    claim.state = Claim.State.SETTLED
    claim.save(update_fields=["state"])


def received_cents(claim: Claim) -> int:
    """Return what came in for a claim: from the bank, and out of advances."""
    banked = Allocation.objects.filter(target=f"claim:{claim.pk}").aggregate(total=Sum("cents"))["total"] or 0
    return banked + (claim.advance_uses.aggregate(total=Sum("cents"))["total"] or 0)


def total_cents(claim: Claim) -> int:
    """Return what a claim asks, without refused lines."""
    sums = claim.lines.exclude(state=ClaimLine.State.REFUSED).aggregate(
        subsidy=Sum("subsidy_cents"), compensation=Sum("compensation_cents")
    )
    return (sums["subsidy"] or 0) + (sums["compensation"] or 0)


def pack(claim_id: int) -> bytes:
    """Return what the municipality gets: see `claim_pack.pack`."""
    return claim_pack.pack(claim_id)


def _segments(
    municipality_id: int, days: Period[date], run: PayRun
) -> list[tuple[Award, loonkosten.Segment]]:
    paid = Payslip.objects.filter(run=run).values("worker")
    rows = list(
        Award.objects.filter(municipality_id=municipality_id, worker__in=paid, from_on__lt=days.end)
        .exclude(until_on__lte=days.start)
        .select_related("worker")
        .order_by("pk")
    )
    born = decisions.birth_days(rows)
    live = set(
        ClaimLine.objects.exclude(state=ClaimLine.State.REFUSED)
        .filter(award__in=rows, month=days.start)
        .values_list("award_id", "from_on")
    )
    rule = variable_hours.rule_on(municipality_id, days.start)
    paid_minutes = variable_hours.paid_in(run, [award.worker_id for award in rows])
    found: list[tuple[Award, loonkosten.Segment]] = []
    for award in rows:
        left = award.worker.left_on or days.end
        employed = Period(min(award.worker.hired_on, days.start), max(left, days.start + timedelta(days=1)))
        terms = variable_hours.counted(
            decisions.terms_of(award, born[award.worker_id]), paid_minutes.get(award.worker_id, 0), rule
        )
        found += [
            (award, segment)
            for segment in loonkosten.month_segments([terms], days.start, employed=employed)
            if segment.total_cents and (award.pk, segment.days.start) not in live
        ]
    return found


def _share(line: ClaimLine, run: PayRun) -> None:
    """Share a line over the worker's paid work on its days, by minutes; the shares add up to the line.

    A segment without work is carried by the work of the month: it was awarded for the month, not for an hour.
    """
    paid = PaidPiece.objects.filter(
        line__run=run, line__month=run.month, line__worker=line.award.worker_id, minutes__gt=0
    ).exclude(line__kind__in=WageLine.ON_TOP)
    days = moments(Period(line.from_on, line.until_on))
    inside = Q(assignment__visit__start_at__gte=days.start, assignment__visit__start_at__lt=days.end)
    inside |= Q(travel__start_at__gte=days.start, travel__start_at__lt=days.end)
    inside |= Q(time__on__gte=line.from_on, time__on__lt=line.until_on)
    pieces = list(paid.filter(inside).order_by("pk")) or list(paid.order_by("pk"))
    if not pieces:
        return
    parts = loonkosten.shares(
        line.subsidy_cents + line.compensation_cents, [piece.minutes for piece in pieces]
    )
    PieceShare.objects.bulk_create(
        PieceShare(line=line, piece=piece, cents=cents) for piece, cents in zip(pieces, parts, strict=True)
    )
