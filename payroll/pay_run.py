"""A month's wages: from accepted minutes to wage lines and payslips."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from events.recording import record
from identity.models import Organisation, User
from kernel.errors import Refused
from kernel.periods import Period, end_of_day, local_day, month_of, start_of_day
from ledger.models import Account
from ledger.posting import Move, post
from payroll import payslip
from payroll.models import PaidPiece, PayRun, Payslip, WageLine, WorkerFile
from payroll.payslip import Kind, Work
from payroll.terms import last_contract, rate_on
from payroll.wage_cost import wage_cost
from scheduling.models import Assignment, Travel
from workers_pool.models import Worker

MOST_NAMED = 6


class MonthNotOver(Refused):
    """The month still runs."""


class HoursNotAccepted(Refused):
    """A week of the month is not closed."""


class FileMissing(Refused):
    """Somebody worked whose payroll file is not complete."""


class NotADraft(Refused):
    """The run is fixed."""


@transaction.atomic(durable=True)
def make(month: date, *, by: User, at: datetime) -> PayRun:
    """Make the draft of a month's wages, or make it again: the same hours give the same lines.

    :raises MonthNotOver: the month has not ended.
    :raises HoursNotAccepted: somebody's hours in it are not accepted yet.
    :raises FileMissing: a worker has no payroll file.
    :raises NothingInForce: the lawbook has no wage or premium for a day of the month.
    :raises NotADraft: the month was fixed.
    """
    days = month_of(month)
    if at < start_of_day(days.end):
        raise MonthNotOver(_("Deze maand is nog niet voorbij."))
    run, fresh = PayRun.objects.get_or_create(month=days.start, defaults={"made_at": at, "made_by": by})
    run = PayRun.objects.select_for_update(no_key=True).get(pk=run.pk)
    if run.state != PayRun.State.DRAFT:
        raise NotADraft(_("De lonen van deze maand zijn al vastgesteld."))
    if not fresh:
        PaidPiece.objects.filter(line__run=run).delete()
        run.lines.all().delete()
        run.payslips.all().delete()
        run.made_at, run.made_by = at, by
        run.save(update_fields=["made_at", "made_by"])
    works = _works(days)
    files = _files(works)
    for worker_id in sorted(works):
        _pay(run, files[worker_id], works[worker_id], days)
    record("pay_run.made", run, by_id=by.pk, at=at, workers=len(works))
    return run


@transaction.atomic(durable=True)
def fix(run_id: int, *, by: User, at: datetime) -> PayRun:
    """Fix a draft: from now on it does not change, and it stands in the books.

    :raises NotADraft: it was fixed before.
    """
    run = PayRun.objects.select_for_update(no_key=True).get(pk=run_id)
    if run.state != PayRun.State.DRAFT:
        raise NotADraft(_("De lonen van deze maand zijn al vastgesteld."))
    last_day = month_of(run.month).end - timedelta(days=1)
    for slip in run.payslips.order_by("pk"):
        party = f"worker:{slip.worker_id}"
        post(
            f"wage:{slip.pk}", last_day,
            Move(Account.WAGES, Account.WAGES_DUE, slip.gross_cents, party),
            Move(Account.HOLIDAY_COST, Account.HOLIDAY_RESERVE, slip.holiday_cents, party),
            Move(Account.PREMIUMS, Account.TAX_DUE, slip.premium_cents, party),
        )  # fmt: skip
    run.state, run.fixed_at, run.fixed_by = PayRun.State.FIXED, at, by
    run.save(update_fields=["state", "fixed_at", "fixed_by"])
    record("pay_run.fixed", run, by_id=by.pk, at=at)
    return run


def hours_not_accepted(days: Period[date]) -> int:
    """Return how many assignments of the days still wait for their week to be closed."""
    return _waiting(days).count()


def open_weeks(days: Period[date]) -> list[tuple[int, str]]:
    """Return the weeks (ISO number and neighbourhood) that hold hours of the days and are not closed."""
    rows = (
        _waiting(days)
        .order_by("visit__start_at")
        .values_list("visit__start_at", "visit__neighbourhood__name")
    )
    return list(dict.fromkeys((local_day(start).isocalendar().week, name) for start, name in rows))


def _waiting(days: Period[date]) -> "QuerySet[Assignment]":
    return Assignment.objects.filter(
        visit__start_at__gte=start_of_day(days.start), visit__start_at__lt=start_of_day(days.end),
        state__in=[Assignment.State.ASSIGNED, Assignment.State.WORKED], accepted_minutes__isnull=True,
    ).exclude(visit__state="cancelled")  # fmt: skip


def _works(days: Period[date]) -> dict[int, list[Work]]:
    """Return the paid work of the days by worker: visits and the ways between them."""
    weeks = open_weeks(days)
    if weeks:
        named = [_("week %(week)s (%(where)s)") % {"week": week, "where": where} for week, where in weeks]
        more = [_("en nog %(count)s") % {"count": len(named) - MOST_NAMED}] if len(named) > MOST_NAMED else []
        raise HoursNotAccepted(
            _("Van %(count)s bezoeken zijn de uren nog niet geaccepteerd. Sluit eerst: %(weeks)s.")
            % {"count": hours_not_accepted(days), "weeks": ", ".join(named[:MOST_NAMED] + more)}
        )
    start, end = start_of_day(days.start), start_of_day(days.end)
    works: defaultdict[int, list[Work]] = defaultdict(list)
    rows = Assignment.objects.filter(
        accepted_minutes__gt=0, visit__start_at__gte=start, visit__start_at__lt=end
    ).select_related("visit")
    for row in rows.order_by("visit__start_at", "pk"):
        minutes = row.accepted_minutes or 0
        works[row.worker_id].append(
            Work(f"a:{row.pk}", Kind.VISIT, _within_day(row.visit.start_at, minutes), minutes)
        )
    ways = Travel.objects.filter(start_at__gte=start, start_at__lt=end)
    for way in ways.order_by("start_at", "pk"):
        works[way.worker_id].append(
            Work(f"t:{way.pk}", Kind.TRAVEL, _within_day(way.start_at, way.minutes), way.minutes)
        )
    return dict(works)


def _within_day(start: datetime, minutes: int) -> datetime:
    """Return a start from which the minutes end on the same day: a visit belongs to the day it started."""
    return min(start, end_of_day(local_day(start)) - timedelta(minutes=minutes))


def _files(worker_ids: Iterable[int]) -> dict[int, WorkerFile]:
    rows = WorkerFile.objects.filter(worker__in=worker_ids).select_related("worker")
    files = {row.worker_id: row for row in rows.prefetch_related("worker__contracts")}
    missing = Worker.objects.filter(pk__in=[pk for pk in worker_ids if pk not in files])
    if missing:
        refs = [row.ref for row in missing.order_by("ref")]
        more = [_("en nog %(count)s") % {"count": len(refs) - MOST_NAMED}] if len(refs) > MOST_NAMED else []
        raise FileMissing(
            _("Het loondossier ontbreekt van: %(refs)s.") % {"refs": ", ".join(refs[:MOST_NAMED] + more)}
        )
    return files


def _pay(run: PayRun, file: WorkerFile, works: list[Work], days: Period[date]) -> None:
    contract = last_contract(file.worker, days)
    lines = payslip.wage_lines(works, days=days, rate=lambda day: rate_on(file, day))
    for line in lines:
        row = WageLine.objects.create(
            run=run, worker=file.worker, kind=line.kind, rate_cents=line.rate_cents, from_on=line.days.start,
            until_on=line.days.end, minutes=line.minutes, cents=line.cents, rule=line.rule,
        )  # fmt: skip
        for piece in line.pieces:
            kind, pk = str(piece.key).split(":")
            PaidPiece.objects.create(
                line=row, minutes=piece.minutes, cents=piece.cents,
                assignment_id=int(pk) if kind == "a" else None, travel_id=int(pk) if kind == "t" else None,
            )  # fmt: skip
    cost = wage_cost(
        payslip.gross_cents(lines), day=days.end - timedelta(days=1),
        permanent=bool(contract and contract.permanent), on_call=bool(contract and contract.kind == "on_call"),
        small_employer=not Organisation.objects.filter(pk=1, large_employer=True).exists(),
    )  # fmt: skip
    Payslip.objects.create(
        run=run, worker=file.worker, gross_cents=cost.gross_cents, holiday_cents=cost.holiday_cents,
        premium_cents=cost.premiums.total_cents,
    )  # fmt: skip
