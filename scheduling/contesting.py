"""A worker does not agree with the plan: a human being who did not make it looks, and answers with reasons.

Nothing changes by itself. Who answers that it must be different changes the plan with the means there are for that.
"""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from events.models import Event
from events.recording import record
from identity import permissions
from identity.models import Membership, Role, User
from kernel.errors import Refused
from kernel.periods import start_of_day
from lawbook.agreements import CONTEST_WORKING_DAYS
from scheduling import visits
from scheduling.models import Assignment, Contest, Plan, Visit
from workers_pool.models import Worker

REVIEWERS = (Role.COORDINATOR, Role.QA)
LONGEST_WORDS = 500
SATURDAY = 5
_BY_HAND = ("visit.crew_changed", "visit.arranged", "visit.published", "visit.moved_by_hand")


class NotYours(Refused):
    """Only who was planned can disagree with it."""


class CannotContest(Refused):
    """The visit is not planned (any more), or the week is over."""


class AlreadyContested(Refused):
    """It was asked before; the answer is there or on its way."""


class NotTheReviewer(Refused):
    """Somebody who made the plan, or has no say here, cannot answer."""


class AlreadyAnswered(Refused):
    """Somebody answered before."""


class WordsMissing(Refused):
    """An answer says why."""


class TooLateToChange(Refused):
    """What was contested has begun: it cannot be promised to become different."""


@transaction.atomic(durable=True)
def contest_visit(assignment_id: int, *, words: str, by: User, at: datetime) -> Contest:
    """Say, as the worker, that one does not agree with being sent to a visit.

    :param words: why, as far as the worker wants to say.
    :raises NotYours: somebody else is sent.
    :raises CannotContest: the worker is not expected (any more), or the visit began.
    :raises AlreadyContested: it was said before.
    """
    row = visits.locked(assignment_id)
    if row.worker.user_id != by.pk:
        raise NotYours(_("Dit bezoek is van iemand anders."))
    if not may_contest(row, at=at):
        raise CannotContest(_("Dit bezoek is al begonnen of gaat niet door. Bel uw coördinator."))
    local = timezone.localdate(row.visit.start_at)
    made = Contest(
        worker=row.worker, neighbourhood_id=row.visit.neighbourhood_id, assignment=row,
        monday=local - timedelta(days=local.weekday()), due_at=min(_term(at), row.visit.start_at),
    )  # fmt: skip
    return _open(made, words, by=by, at=at)


@transaction.atomic(durable=True)
def contest_hours(worker_id: int, *, monday: date, words: str, by: User, at: datetime) -> Contest:
    """Say, as the worker, that one has too few hours in a published week.

    :raises NotYours: about somebody else.
    :raises CannotContest: nothing is published for that week, or it is over.
    :raises AlreadyContested: it was said before.
    """
    worker = Worker.objects.get(pk=worker_id)
    if worker.user_id != by.pk:
        raise NotYours(_("Deze uren zijn van iemand anders."))
    if not may_contest_hours(worker, monday, at=at):
        raise CannotContest(_("Voor deze week is er geen rooster, of de week is voorbij."))
    end = start_of_day(monday + timedelta(days=7))
    made = Contest(
        worker=worker, neighbourhood_id=worker.neighbourhood_id, monday=monday, due_at=min(_term(at), end)
    )
    return _open(made, words, by=by, at=at)


def may_contest(row: Assignment, *, at: datetime) -> bool:
    """Tell whether somebody can (still) disagree with being sent to a visit."""
    expected = row.state in {Assignment.State.OFFERED, Assignment.State.ASSIGNED}
    return expected and row.visit.state == Visit.State.PUBLISHED and at < row.visit.start_at


def may_contest_hours(worker: Worker, monday: date, *, at: datetime) -> bool:
    """Tell whether a week is published and not over."""
    published = Plan.objects.filter(
        neighbourhood=worker.neighbourhood_id, monday=monday, state=Plan.State.PUBLISHED
    )
    return at < start_of_day(monday + timedelta(days=7)) and published.exists()


def _open(made: Contest, words: str, *, by: User, at: datetime) -> Contest:
    made.words, made.made_at = words.strip()[:LONGEST_WORDS], at
    made.reviewer = _least_busy(reviewers(made, on=timezone.localdate(at)))
    try:
        with transaction.atomic():
            made.save()
    except IntegrityError as error:
        raise AlreadyContested(_("U hebt dit al gezegd. U krijgt antwoord, of u hebt het al.")) from error
    record(
        "contest.opened", made, by_id=by.pk, at=at, due_at=made.due_at.isoformat(), reviewer_id=made.reviewer_id,
        assignment_id=made.assignment_id, monday=made.monday.isoformat(),
    )  # fmt: skip
    return made


@transaction.atomic(durable=True)
def answer(contest_id: int, *, keeps: bool, words: str, by: User, at: datetime) -> Contest:
    """Answer, as somebody who did not make the plan, that it stays as it is or must become different, and why.

    An answer after the deadline is an answer too; the event says that it was late.

    :raises AlreadyAnswered: somebody answered before.
    :raises NotTheReviewer: made or published the plan, sent this worker, is the worker, or has no say in the neighbourhood.
    :raises WordsMissing: nothing was said.
    :raises TooLateToChange: it is to become different, but it began.
    """
    row = Contest.objects.select_for_update(no_key=True).get(pk=contest_id)
    if row.state != Contest.State.OPEN:
        raise AlreadyAnswered(_("Hier is al antwoord op gegeven."))
    if not may_answer(row, by, on=timezone.localdate(at)):
        raise NotTheReviewer(_("U maakte dit rooster, of u gaat hier niet over. Iemand anders moet kijken."))
    if not words.strip():
        raise WordsMissing(_("Schrijf op waarom. De medewerker leest dit."))
    if not keeps and ends_at(row) <= at:
        raise TooLateToChange(_("Het is al begonnen. Anders maken kan niet meer. Leg het uit."))
    row.state = Contest.State.KEPT if keeps else Contest.State.CHANGED
    row.answer, row.answered_at, row.answered_by = words.strip()[: 2 * LONGEST_WORDS], at, by
    row.save(update_fields=["state", "answer", "answered_at", "answered_by"])
    record("contest.answered", row, by_id=by.pk, at=at, outcome=row.state, late=at > row.due_at)
    return row


def ends_at(row: Contest) -> datetime:
    """Return until when something can become different: the start of the visit, or the end of the week."""
    if row.assignment is not None:
        return row.assignment.visit.start_at
    return start_of_day(row.monday + timedelta(days=7))


def makers(row: Contest) -> set[int]:
    """Return the users who made what is contested: asked for the plan, published it, or sent the worker by hand."""
    if row.assignment is None:
        plans = Plan.objects.filter(
            neighbourhood=row.neighbourhood_id, monday=row.monday, state=Plan.State.PUBLISHED
        )
        sent = set[int | None]()
    else:
        visit = row.assignment.visit
        plans = Plan.objects.filter(pk__in=[visit.plan_id] if visit.plan_id else [])
        sent = set(
            Event.objects.filter(kind__in=_BY_HAND, subject=f"visit:{visit.pk}").values_list(
                "by_id", flat=True
            )
        )
    found = sent.union(*plans.values_list("asked_by_id", "published_by_id"))
    return {pk for pk in found if pk is not None}


def reviewers(row: Contest, *, on: date) -> list[User]:
    """Return who may answer: coordinators and quality of the neighbourhood who did not make the plan, coordinators first."""
    held = (
        Membership.objects.filter(role__in=REVIEWERS, from_on__lte=on, user__is_active=True)
        .filter(Q(until_on=None) | Q(until_on__gt=on))
        .filter(Q(neighbourhood=None) | Q(neighbourhood=row.neighbourhood_id))
        .exclude(user__in=makers(row) | {row.worker.user_id})
        .select_related("user")
        .order_by("role", "user_id")
    )
    return list({one.user_id: one.user for one in held}.values())


def may_answer(row: Contest, user: User, *, on: date) -> bool:
    """Tell whether somebody may answer."""
    return any(one.pk == user.pk for one in reviewers(row, on=on))


def _least_busy(people: Collection[User]) -> User | None:
    """Return the one with the fewest open ones; of equals the first."""
    open_ = Contest.objects.filter(state=Contest.State.OPEN, reviewer__in=people)
    busy = dict(open_.values_list("reviewer_id").annotate(Count("pk")))
    return min(people, key=lambda user: busy.get(user.pk, 0), default=None)


def _term(at: datetime) -> datetime:
    """Return the end of the last working day on which an answer is in time; Monday to Friday are working days."""
    today = timezone.localdate(at)
    day, left = today, CONTEST_WORKING_DAYS.on(today)
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < SATURDAY
    return start_of_day(day + timedelta(days=1))


def shown(rows: "QuerySet[Contest]") -> "QuerySet[Contest]":
    """Return contests with what a page says of them."""
    return rows.select_related(
        "worker__user", "reviewer", "answered_by", "neighbourhood", "assignment__visit__booking__service",
        "assignment__visit__booking__customer", "assignment__visit__plan",
    )  # fmt: skip


def waiting(neighbourhood_ids: Collection[int]) -> list[Contest]:
    """Return what waits for an answer, the nearest deadline first."""
    rows = Contest.objects.filter(neighbourhood__in=neighbourhood_ids, state=Contest.State.OPEN)
    return list(shown(rows).order_by("due_at", "pk"))


def to_change(neighbourhood_ids: Collection[int], *, at: datetime) -> list[Contest]:
    """Return what was promised to become different and did not yet: the worker is still expected, the week not over."""
    rows = shown(Contest.objects.filter(neighbourhood__in=neighbourhood_ids, state=Contest.State.CHANGED))
    expected = (Assignment.State.OFFERED, Assignment.State.ASSIGNED)
    return [
        row
        for row in rows.filter(monday__gte=timezone.localdate(at) - timedelta(days=7)).order_by(
            "answered_at", "pk"
        )
        if ends_at(row) > at and (row.assignment is None or row.assignment.state in expected)
    ]


def where(user: User, *, on: date) -> set[int]:
    """Return the neighbourhoods of which somebody sees what is contested."""
    held = [permissions.neighbourhoods(user, role, on=on) for role in REVIEWERS]
    return {pk for rows in held for pk in rows.values_list("pk", flat=True)}
