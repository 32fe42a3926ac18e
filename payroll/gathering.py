"""Read the facts of a month's wages: hours, ways, calls that were cancelled, time paid without a visit."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Q, Sum

from events.models import Event
from kernel.dated import Since
from kernel.periods import Period, in_utc, moments
from lawbook import extra_pay, wages
from lawbook.rule import Rule
from payroll.calls import Cancelled
from payroll.models import PaidTime, WorkerFile
from payroll.payslip import Kind, Work
from payroll.reckoning import Facts, TimePaid
from payroll.terms import Agreement, agreement_of
from scheduling.models import Assignment, Travel
from scheduling.publishing import in_time
from workers_pool.models import Absence

MARGIN = timedelta(days=7)  # a week, and a call, may lie on both sides of a month
LAW: tuple[Rule[Any], ...] = (
    wages.MINIMUM_WAGE_CENTS, wages.YOUTH_SHARES, wages.CALL_MINIMUM_MINUTES, wages.CALL_GAP_MINUTES,
    wages.CALL_NOTICE_DAYS, wages.SHORT_CONTRACT_MINUTES, extra_pay.SUNDAY_SHARES, extra_pay.NIGHT_SHARES,
    extra_pay.NIGHT_UNTIL_MINUTE, extra_pay.SICK_SHARE, extra_pay.SICK_FLOOR_WEEKS, *wages.SCALES.values(),
)  # fmt: skip


def agreements_of(files: Iterable[WorkerFile]) -> dict[int, Agreement]:
    return {file.worker_id: agreement_of(file) for file in files}


def gather(agreements: Mapping[int, Agreement], days: Period[date]) -> dict[int, Facts]:
    """Return the facts of workers, by worker."""
    ids = list(agreements)
    works, cancelled, times = _works(ids, days), _cancelled(ids, days), _times(ids, days)
    return {
        pk: Facts(agreements[pk], works.get(pk, ()), cancelled.get(pk, ()), times.get(pk, ())) for pk in ids
    }


def concerned(days: Period[date]) -> set[int]:
    """Return the workers who worked in the days, or had time paid."""
    span = moments(days)
    hours = Assignment.objects.filter(visit__start_at__gte=span.start, visit__start_at__lt=span.end)
    ways = Travel.objects.filter(start_at__gte=span.start, start_at__lt=span.end)
    times = PaidTime.objects.filter(withdrawn_at=None, on__gte=days.start, on__lt=days.end)
    return {
        *hours.filter(accepted_minutes__gt=0).values_list("worker", flat=True),
        *ways.values_list("worker", flat=True), *times.values_list("worker", flat=True),
    }  # fmt: skip


def called_off(days: Period[date]) -> set[int]:
    """Return the workers from whom a visit in the days was taken that they counted on."""
    span = moments(days)
    rows = Assignment.objects.filter(
        state=Assignment.State.WITHDRAWN, visit__start_at__gte=span.start, visit__start_at__lt=span.end
    )
    ids = set(rows.values_list("worker", flat=True))
    return {
        pk
        for pk, calls in (_cancelled(ids, days) if ids else {}).items()
        if any(span.start <= call.planned.start < span.end for call in calls)
    }


def _around(days: Period[date]) -> tuple[datetime, datetime]:
    span = moments(days)
    return span.start - MARGIN, span.end + MARGIN


def _works(ids: Sequence[int], days: Period[date]) -> dict[int, list[Work]]:
    start, end = _around(days)
    works: defaultdict[int, list[Work]] = defaultdict(list)
    hours = Assignment.objects.filter(
        worker__in=ids, accepted_minutes__gt=0, visit__start_at__gte=start, visit__start_at__lt=end
    ).order_by("visit__start_at", "pk")
    for pk, worker, began, minutes in hours.values_list(
        "pk", "worker", "visit__start_at", "accepted_minutes"
    ):
        works[worker].append(Work(f"a:{pk}", Kind.VISIT, began, minutes or 0))
    ways = Travel.objects.filter(worker__in=ids, start_at__gte=start, start_at__lt=end)
    for pk, worker, began, minutes in ways.order_by("start_at", "pk").values_list(
        "pk", "worker", "start_at", "minutes"
    ):
        works[worker].append(Work(f"t:{pk}", Kind.TRAVEL, began, minutes))
    return dict(works)


def _cancelled(ids: Iterable[int], days: Period[date]) -> dict[int, list[Cancelled]]:
    """Return promised visits that the organisation took back; what a worker was away for is not among them."""
    start, end = _around(days)
    rows = list(
        Assignment.objects.filter(
            worker__in=ids,
            state=Assignment.State.WITHDRAWN,
            visit__start_at__gte=start,
            visit__start_at__lt=end,
        )
        .select_related("visit", "worker")
        .order_by("visit__start_at", "pk")
    )
    told = _told({row.pk for row in rows})
    away: defaultdict[int, list[Period[datetime]]] = defaultdict(list)
    for worker, from_at, until_at in Absence.objects.filter(
        worker__in={row.worker_id for row in rows}, from_at__lt=end, until_at__gt=start
    ).values_list("worker", "from_at", "until_at"):
        away[worker].append(Period(from_at, until_at))
    found: defaultdict[int, list[Cancelled]] = defaultdict(list)
    for row in rows:
        planned = Period(row.visit.start_at, row.visit.end_at)
        absent = any(planned.overlaps(time) for time in away[row.worker_id])
        if row.pk in told and _was_promised(row) and not absent and not _has_left(row):
            found[row.worker_id].append(Cancelled(f"a:{row.pk}", planned, told[row.pk]))
    return dict(found)


def _told(ids: set[int]) -> dict[int, datetime]:
    events = Event.objects.filter(
        kind="assignment.withdrawn", subject__in=[f"assignment:{pk}" for pk in sorted(ids)]
    )
    return {int(subject.split(":")[1]): in_utc(at) for subject, at in events.values_list("subject", "at")}


def _was_promised(row: Assignment) -> bool:
    """Tell whether the worker counted on it: told in time, or taken as an offer."""
    return row.answered_at is not None or in_time(row.visit.start_at, at=row.assigned_at)


def _has_left(row: Assignment) -> bool:
    left = row.worker.left_on
    return left is not None and row.visit.start_at.date() >= left


def _times(ids: Sequence[int], days: Period[date]) -> dict[int, list[TimePaid]]:
    times: defaultdict[int, list[TimePaid]] = defaultdict(list)
    rows = PaidTime.objects.filter(worker__in=ids, withdrawn_at=None, on__gte=days.start, on__lt=days.end)
    for row in rows.order_by("on", "kind"):
        times[row.worker_id].append(
            TimePaid(f"p:{row.pk}", Kind(row.kind), row.on, row.minutes, row.sick_since)
        )
    return dict(times)


def bases(agreements: Mapping[int, Agreement], days: Period[date]) -> dict[int, str]:
    """Return a digest of all that decides each worker's wage of a month: other facts, another digest.

    Cheap to make for a month long past: sums instead of visits, which do not change once their week is closed.
    """
    sums, law = _sums(list(agreements), days), law_of(days)
    return {
        pk: hashlib.sha256(repr((law, _agreed(terms, days), sums.get(pk))).encode()).hexdigest()
        for pk, terms in agreements.items()
    }


def law_of(days: Period[date]) -> str:
    """Return the rows of the lawbook that a wage of these days rests on, as text."""
    return "\n".join(
        f"{rule.name} {row.day} {row.until} {row.value}" for rule in LAW for row in _rows(rule, days)
    )


def _rows(rule: Rule[Any], days: Period[date]) -> list[Since[Any]]:
    return [row for row in rule.rows if row.day < days.end and (row.until is None or row.until > days.start)]


def _agreed(terms: Agreement, days: Period[date]) -> list[tuple[object, ...]]:
    rows = [
        (
            row.kind,
            row.scale,
            row.week_minutes,
            max(row.from_on, days.start),
            min(row.until_on or days.end, days.end),
        )
        for row in terms.contracts
        if row.from_on < days.end and (row.until_on is None or row.until_on > days.start)
    ]
    return [(terms.birth_on,), *rows]


def _sums(ids: Sequence[int], days: Period[date]) -> dict[int, tuple[object, ...]]:
    span = moments(days)
    found: defaultdict[int, list[object]] = defaultdict(list)
    inside = Assignment.objects.filter(
        worker__in=ids, visit__start_at__gte=span.start, visit__start_at__lt=span.end
    )
    for worker, *figures in inside.order_by("worker").values_list("worker").annotate(
        minutes=Sum("accepted_minutes"), visits=Count("pk", filter=Q(accepted_minutes__gt=0)),
        off=Count("pk", filter=Q(state=Assignment.State.WITHDRAWN)),
    ):  # fmt: skip
        found[worker].append(tuple(figures))
    ways = Travel.objects.filter(worker__in=ids, start_at__gte=span.start, start_at__lt=span.end)
    for worker, minutes in ways.order_by("worker").values_list("worker").annotate(minutes=Sum("minutes")):
        found[worker].append(("travel", minutes))
    times = PaidTime.objects.filter(
        worker__in=ids, withdrawn_at=None, on__gte=days.start, on__lt=days.end
    ).order_by("on", "kind")
    for worker, *facts in times.values_list("worker", "kind", "on", "minutes", "sick_since"):
        found[worker].append(tuple(facts))
    return {worker: tuple(facts) for worker, facts in found.items()}
