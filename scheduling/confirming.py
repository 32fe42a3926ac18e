"""Confirm the hours of a visit: by the customer, by silence, or by a decision. The third clock of an hour."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from cheques import redemption
from events.recording import record
from identity.models import User
from kernel.errors import Refused
from lawbook.cheques import CONFIRM_DAYS
from marketplace.pricing import vat_rate
from scheduling import bearing
from scheduling.models import Assignment, Visit
from scheduling.visits import billable_minutes, finish_when_done

Outcome = Assignment.Outcome


class NotFinished(Refused):
    """Somebody is still at work, or nobody came."""


class AlreadyConfirmed(Refused):
    """These hours were confirmed before."""


class InDispute(Refused):
    """Somebody said that the hours are not right; people decide now."""


@transaction.atomic(durable=True)
def confirm(visit_id: int, *, by: User, at: datetime) -> Visit:
    """Agree with the hours of a finished visit, and pay for them with the held cheques.

    What the hold cannot pay stays outstanding: a confirmation never fails for lack of cheques.

    :raises NotFinished: the workers have not all checked out.
    :raises AlreadyConfirmed: these hours were confirmed before.
    :raises InDispute: a dispute is open.
    """
    return _confirm_all(visit_id, Outcome.CUSTOMER, by=by, at=at)


@transaction.atomic(durable=True)
def confirm_by_silence(visit_id: int, *, at: datetime) -> Visit:
    """Confirm hours about which the customer said nothing for the dated term.

    :raises NotFinished: the term is not over.
    """
    visit = Visit.objects.get(pk=visit_id)
    if silent_from(visit) > at:
        raise NotFinished(_("De termijn om te reageren loopt nog."))
    return _confirm_all(visit_id, Outcome.SILENCE, by=None, at=at)


def waiting_for_silence(*, at: datetime) -> list[int]:
    """Return visits whose term to confirm is over."""
    busy = Assignment.objects.filter(visit=OuterRef("pk"), state=Assignment.State.ASSIGNED)
    rows = Visit.objects.filter(
        ~Exists(busy), assignments__state=Assignment.State.WORKED, assignments__outcome=Outcome.AWAITING,
        start_at__lt=at,
    ).distinct()  # fmt: skip
    return [visit.pk for visit in rows.order_by("pk") if silent_from(visit) <= at]


def silent_from(visit: Visit) -> datetime:
    """Return the moment from which silence confirms."""
    return visit.end_at + timedelta(days=CONFIRM_DAYS.on(timezone.localdate(visit.end_at)))


def settle(visit: Visit, minutes: Mapping[int, int], outcome: str, *, by: User | None, at: datetime) -> None:
    """Write confirmed minutes and take their cheques. Step: the caller locked the visit and its assignments.

    What is accepted and not confirmed is borne by the organisation, now or when the week is closed.

    :param minutes: assignment -> confirmed minutes, multiples of 15.
    """
    total = 0
    for row in visit.assignments.filter(pk__in=minutes).order_by("pk"):
        row.confirmed_minutes, row.outcome = minutes[row.pk], outcome
        row.confirmed_at, row.confirmed_by = at, by
        row.save(update_fields=["confirmed_minutes", "outcome", "confirmed_at", "confirmed_by"])
        total += row.confirmed_minutes
        if row.accepted_minutes is not None:
            bearing.bear_rest(row, at=at)
    day = timezone.localdate(visit.start_at)
    redemption.redeem(
        visit.booking.hold_id, minutes=total, key=f"visit:{visit.pk}", vat_rate=vat_rate(visit.booking.service, on=day),
        used_on=day, start_at=visit.start_at, at=at,
    )  # fmt: skip
    record("visit.confirmed", visit, by_id=by.pk if by else None, at=at, minutes=total, how=outcome)


def locked(visit_id: int, *, at: datetime) -> tuple[Visit, list[Assignment]]:
    """Return a visit and its worked assignments, locked in that order and finished when it is over. Step."""
    visit = (
        Visit.objects.select_for_update(no_key=True, of=("self",))
        .select_related("booking__service")
        .get(pk=visit_id)
    )
    finish_when_done(visit, at=at)
    visit.refresh_from_db(fields=["state"])
    rows = (
        visit.assignments.select_for_update(no_key=True).filter(state=Assignment.State.WORKED).order_by("pk")
    )
    return visit, list(rows)


def _confirm_all(visit_id: int, outcome: str, *, by: User | None, at: datetime) -> Visit:
    visit, rows = locked(visit_id, at=at)
    if any(row.outcome == Outcome.DISPUTED for row in rows):
        raise InDispute(_("Over dit bezoek loopt een klacht. Wij bellen u."))
    if rows and all(row.outcome != Outcome.AWAITING for row in rows):
        raise AlreadyConfirmed(_("Deze uren zijn al bevestigd."))
    if visit.state != Visit.State.FINISHED or not rows:
        raise NotFinished(_("Dit bezoek is nog niet klaar."))
    settle(
        visit,
        {row.pk: billable_minutes(row) for row in rows},
        outcome,
        by=by,
        at=at,
    )
    return visit
