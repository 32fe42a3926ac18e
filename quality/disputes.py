"""A customer says the hours are not right: QA proposes what is owed, somebody else decides."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cheques import reversing
from events.recording import record
from identity.models import User
from kernel.errors import Refused
from kernel.minutes import is_quarter
from lawbook.cheques import DISPUTE_DAYS
from quality.models import Dispute
from scheduling import confirming
from scheduling.models import Assignment, Visit
from scheduling.visits import billable_minutes


class CannotDispute(Refused):
    """There is nothing to dispute (any more)."""


class NotInQuarters(Refused):
    """The minutes are no multiple of fifteen, or more than was worked."""


class NothingProposed(Refused):
    """QA has not proposed an outcome yet."""


class SecondPersonNeeded(Refused):
    """Who proposed cannot decide."""


class AlreadyDecided(Refused):
    """The dispute is over."""


OPEN_TO_DISPUTE = frozenset({Assignment.Outcome.AWAITING, Assignment.Outcome.SILENCE})


def may_open(visit: Visit, *, at: datetime) -> bool:
    """Tell whether the customer can still say that the hours are not right."""
    term = timedelta(days=DISPUTE_DAYS.on(timezone.localdate(visit.end_at)))
    worked = [row for row in visit.assignments.all() if row.state == Assignment.State.WORKED]
    open_ = all(row.outcome in OPEN_TO_DISPUTE for row in worked)
    return visit.state == Visit.State.FINISHED and bool(worked) and open_ and at <= visit.end_at + term


@transaction.atomic(durable=True)
def open_dispute(visit_id: int, *, what: str, words: str, by: User, at: datetime) -> Dispute:
    """Say that a visit's hours are not right. The worker's pay is not touched.

    Hours that silence confirmed can still be disputed in the term: their cheques are kept aside again.

    :raises CannotDispute: somebody is still at work, somebody confirmed the hours, or the term is over.
    :raises reversing.CannotBeReversed: silence confirmed hours that cheques have not wholly paid.
    """
    visit, rows = confirming.locked(visit_id, at=at)
    term = timedelta(days=DISPUTE_DAYS.on(timezone.localdate(visit.end_at)))
    if visit.state != Visit.State.FINISHED or not rows:
        raise CannotDispute(_("Dit bezoek is nog niet klaar. Bel ons."))
    if at > visit.end_at + term:
        raise CannotDispute(_("Over dit bezoek kunt u niets meer melden. Bel ons."))
    if any(row.outcome not in OPEN_TO_DISPUTE for row in rows):
        raise CannotDispute(_("Deze uren zijn al bevestigd of gemeld. Bel ons."))
    if any(row.outcome == Assignment.Outcome.SILENCE for row in rows):
        reversing.take_back(visit.booking.hold_id, key=f"visit:{visit.pk}", at=at)
    for row in rows:
        row.outcome, row.confirmed_minutes, row.confirmed_at = Assignment.Outcome.DISPUTED, 0, None
        row.save(update_fields=["outcome", "confirmed_minutes", "confirmed_at"])
    dispute = Dispute.objects.create(visit=visit, what=what, words=words.strip(), opened_at=at, opened_by=by)
    record("dispute.opened", dispute, by_id=by.pk, at=at, visit_id=visit.pk)
    return dispute


@transaction.atomic(durable=True)
def propose(dispute_id: int, *, minutes: int, grounds: str, by: User, at: datetime) -> Dispute:
    """Propose, as QA, how many minutes the customer owes in all.

    :raises NotInQuarters: no multiple of fifteen, or more than the visit's billable minutes.
    :raises AlreadyDecided: the dispute is over.
    """
    dispute = _open(dispute_id)
    _visit, rows = confirming.locked(dispute.visit_id, at=at)
    most = sum(billable_minutes(row) for row in rows)
    if not is_quarter(minutes) or not 0 <= minutes <= most:
        raise NotInQuarters(_("Kies hele kwartieren, van 0 tot %(most)s minuten.") % {"most": most})
    dispute.proposed_minutes, dispute.grounds = minutes, grounds.strip()
    dispute.proposed_at, dispute.proposed_by = at, by
    dispute.save()
    record("dispute.proposed", dispute, by_id=by.pk, at=at, minutes=minutes)
    return dispute


@transaction.atomic(durable=True)
def decide(dispute_id: int, *, by: User, at: datetime) -> Dispute:
    """Agree with the proposal, as the second person: the customer pays it, the rest is borne.

    :raises NothingProposed: there is no proposal.
    :raises SecondPersonNeeded: the proposer cannot decide.
    """
    dispute = _open(dispute_id)
    if dispute.proposed_minutes is None:
        raise NothingProposed(_("Er is nog geen voorstel."))
    if dispute.proposed_by_id == by.pk:
        raise SecondPersonNeeded(_("Iemand anders moet hierover beslissen."))
    visit, rows = confirming.locked(dispute.visit_id, at=at)
    left, shares = dispute.proposed_minutes, {}
    for row in rows:
        shares[row.pk] = min(left, billable_minutes(row))
        left -= shares[row.pk]
    confirming.settle(visit, shares, Assignment.Outcome.DECIDED, by=by, at=at)
    dispute.decided_at, dispute.decided_by = at, by
    dispute.save(update_fields=["decided_at", "decided_by"])
    record("dispute.decided", dispute, by_id=by.pk, at=at, minutes=dispute.proposed_minutes)
    return dispute


def _open(dispute_id: int) -> Dispute:
    dispute = Dispute.objects.select_for_update(no_key=True).get(pk=dispute_id)
    if dispute.decided_at:
        raise AlreadyDecided(_("Over deze klacht is al beslist."))
    return dispute
