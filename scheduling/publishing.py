"""Publish a draft: from then on customers and workers count on it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from psycopg.types.range import TimestamptzRange

from events.recording import record
from identity.models import Neighbourhood, User
from kernel.errors import Refused
from lawbook.wages import CALL_NOTICE_DAYS
from marketplace.models import Booking
from scheduling import drafting, explaining, planning
from scheduling.engine.check import violations
from scheduling.engine.model import Plan as EnginePlan
from scheduling.engine.model import Visit as EngineVisit
from scheduling.engine.rulebook import Refusal
from scheduling.models import Assignment, DraftVisit, Plan, Visit
from workers_pool.models import Worker


class NotADraft(Refused):
    """The plan was published, dropped, or not made yet."""


class BreaksARule(Refused):
    """The plan breaks a rule; `refusals` says which."""

    def __init__(self, refusals: tuple[Refusal, ...]) -> None:
        super().__init__(
            _("Het rooster klopt niet meer: %(why)s") % {"why": explaining.sentence(refusals[0])}
        )
        self.refusals = refusals


class SentElsewhere(Refused):
    """Somebody of the plan was sent somewhere else a moment ago."""


@transaction.atomic(durable=True)
def publish(plan_id: int, *, by: User, at: datetime) -> list[Visit]:
    """Turn a draft into visits. What is too near to be told in time becomes an offer.

    A booking that was taken back since, or whose start is over, is left out.

    :raises NotADraft: there is nothing to publish.
    :raises BreaksARule: since the draft was made something changed, and a rule would be broken.
    :raises SentElsewhere: another act sent one of these workers elsewhere at this very moment.
    """
    take_turn(Plan.objects.values_list("neighbourhood_id", flat=True).get(pk=plan_id))
    plan = (
        Plan.objects.select_for_update(no_key=True, of=("self",))
        .select_related("neighbourhood")
        .get(pk=plan_id)
    )
    if plan.state != Plan.State.DRAFT:
        raise NotADraft(_("Dit rooster is geen concept (meer)."))
    drafts = _still_wanted(plan, at)
    broken = _broken(plan, drafts)
    if broken:
        raise BreaksARule(broken)
    try:
        visits = [_publish_one(plan, draft, by=by, at=at) for draft in drafts]
    except IntegrityError as error:  # by never_in_two_places; all of it is undone
        raise SentElsewhere(
            _("Iemand van dit rooster is net ergens anders heen gestuurd. Maak een nieuw rooster.")
        ) from error
    plan.state, plan.published_at, plan.published_by = Plan.State.PUBLISHED, at, by
    plan.save(update_fields=["state", "published_at", "published_by"])
    record("plan.published", plan, by_id=by.pk, at=at, visits=len(visits))
    return visits


def take_turn(neighbourhood_id: int) -> None:
    """Send people of a neighbourhood one act at a time. Step.

    Two acts that are each within the law can break it together: a day too long, a rest too short. The exclusion
    constraint sees only two places at one time.
    """
    Neighbourhood.objects.select_for_update(no_key=True).get(pk=neighbourhood_id)


def _still_wanted(plan: Plan, at: datetime) -> list[DraftVisit]:
    """Return draft visits whose booking still waits and whose start is not over."""
    bookings = Booking.objects.select_for_update(no_key=True).filter(
        pk__in=plan.visits.values("booking"), state=Booking.State.REQUESTED
    )
    wanted = {booking.pk for booking in bookings.order_by("pk")}
    rows = (
        plan.visits.select_related("booking__service")
        .prefetch_related("workers__skills")
        .order_by("booking_id")
    )
    return [row for row in rows if row.booking_id in wanted and row.start_at > at]


def _broken(plan: Plan, drafts: Sequence[DraftVisit]) -> tuple[Refusal, ...]:
    """Return the rules that the drafts break. What was published before and stands alone is no news."""
    week = planning.neighbourhood_week(plan.neighbourhood_id, plan.monday)
    wanted = {str(draft.booking_id) for draft in drafts}
    proposed = [visit for visit in drafting.draft_of(plan).visits if visit.job in wanted]
    sent = {name for visit in proposed for name in visit.workers}
    return tuple(
        refusal
        for refusal in violations(week, EnginePlan((*week.published, *proposed)))
        if _concerns(refusal, proposed, sent)
    )


def _concerns(refusal: Refusal, proposed: Sequence[EngineVisit], sent: set[str]) -> bool:
    if refusal.worker in sent:
        return True
    return refusal.job is not None and any(visit.job == refusal.job for visit in proposed)


def _publish_one(plan: Plan, draft: DraftVisit, *, by: User, at: datetime) -> Visit:
    end = draft.start_at + timedelta(minutes=draft.booking.minutes)
    visit = Visit.objects.create(
        booking=draft.booking, plan=plan, neighbourhood=plan.neighbourhood, start_at=draft.start_at, end_at=end,
        published_at=at,
    )  # fmt: skip
    for worker in draft.workers.all():
        assign(visit, worker, why=draft.why.get(str(worker.pk), []), at=at)
    Booking.objects.filter(pk=draft.booking_id).update(state=Booking.State.PLANNED)
    record("visit.published", visit, by_id=by.pk, at=at)
    return visit


def assign(visit: Visit, worker: Worker, *, why: list[dict[str, str]], at: datetime) -> Assignment:
    """Send a worker to a visit, or ask when it is nearer than the law's term. Step.

    The exclusion constraint has the last word: nobody is in two places.
    """
    skill = visit.booking.service.skill
    return Assignment.objects.create(
        visit=visit, worker=worker, during=TimestamptzRange(visit.start_at, visit.end_at),
        state=Assignment.State.ASSIGNED if in_time(visit.start_at, at=at) else Assignment.State.OFFERED,
        learner=any(s.skill == skill and s.level == "learner" for s in worker.skills.all()),
        why=why, assigned_at=at,
    )  # fmt: skip


def in_time(start_at: datetime, *, at: datetime) -> bool:
    """Tell whether a start is told at least the law's number of days ahead, by the clock on the wall (BW 7:628a)."""
    notice = CALL_NOTICE_DAYS.on(timezone.localdate(at))
    local_now, local_start = timezone.localtime(at), timezone.localtime(start_at)
    return local_start.replace(tzinfo=None) - local_now.replace(tzinfo=None) >= timedelta(days=notice)
