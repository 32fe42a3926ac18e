"""A month's wages: from accepted minutes to wage lines and payslips. A draft first, fixed by a second person."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from events.recording import record
from identity.models import Organisation, User
from kernel.dated import NothingInForce
from kernel.errors import Refused
from kernel.periods import Period, each_day, local_day, month_of, start_of_day
from lawbook import premiums
from lawbook.wages import HOLIDAY_ALLOWANCE, MINIMUM_WAGE_CENTS, YOUTH_SHARES
from ledger.models import Account
from ledger.posting import Move, post_each
from payroll import corrections, gathering, leave, reckoning, reserves, writing
from payroll.models import PaidPiece, PayRun, Payslip, WorkerFile
from payroll.terms import LawMissing
from payroll.writing import MOST_NAMED, FileMissing
from scheduling.models import Assignment

__all__ = ["FactsChanged", "FileMissing", "HoursNotAccepted", "MonthNotOver", "NotADraft", "NotReady",
           "SecondPersonNeeded", "begin", "fix", "go_on", "hours_not_accepted", "make", "open_weeks"]  # fmt: skip

AT_A_TIME = 50  # workers in one transaction: what is written when a process dies, stays written
EVERY_RUN = (
    MINIMUM_WAGE_CENTS, YOUTH_SHARES, HOLIDAY_ALLOWANCE, premiums.AWF_LOW, premiums.AWF_HIGH, premiums.AOF_SMALL,
    premiums.AOF_LARGE, premiums.WKO, premiums.WHK, premiums.ZVW, premiums.MAX_BASE_CENTS,
)  # fmt: skip


class MonthNotOver(Refused):
    """The month still runs."""


class HoursNotAccepted(Refused):
    """A week of the month is not closed."""


class NotADraft(Refused):
    """The run is fixed."""


class NotReady(Refused):
    """The draft is not complete."""


class SecondPersonNeeded(Refused):
    """Who made the draft cannot fix it."""


class FactsChanged(Refused):
    """Something the draft rests on is different now; the sentence names whose."""


def make(month: date, *, by: User, at: datetime) -> PayRun:
    """Make the draft of a month's wages, or make it again: the same hours give the same lines.

    :raises NothingInForce: the lawbook has no wage or premium for a day of the month.
    :raises Refused: see `begin`.
    """
    return go_on(begin(month, by=by, at=at).pk, at=at)


@transaction.atomic(durable=True)
def begin(month: date, *, by: User, at: datetime) -> PayRun:
    """Begin the draft of a month: who is paid. `go_on` computes what; the event lets a task do so.

    :raises MonthNotOver: the month has not ended.
    :raises HoursNotAccepted: somebody's hours in it are not accepted yet.
    :raises FileMissing: a worker has no payroll file.
    :raises LawMissing: the lawbook has no wage or premium for a day of the month.
    :raises NotADraft: the month was fixed.
    """
    days = month_of(month)
    if at < start_of_day(days.end):
        raise MonthNotOver(_("Deze maand is nog niet voorbij."))
    run, _fresh = PayRun.objects.get_or_create(month=days.start, defaults={"made_at": at, "made_by": by})
    run = PayRun.objects.select_for_update(no_key=True).get(pk=run.pk)
    if run.state != PayRun.State.DRAFT:
        raise NotADraft(_("De lonen van deze maand zijn al vastgesteld."))
    _clear(run)
    _refuse_open_weeks(days)
    people = _people(days)
    writing.files_of(people)
    if people:
        _refuse_missing_law(days)
    run.made_at, run.made_by, run.worker_ids, run.ready_at, run.error = at, by, people, None, ""
    run.save(update_fields=["made_at", "made_by", "worker_ids", "ready_at", "error"])
    record("pay_run.begun", run, by_id=by.pk, at=at, workers=len(people))
    return run


def go_on(run_id: int, *, at: datetime) -> PayRun:
    """Compute what is not computed yet of a draft, some workers at a time. Killed and run again, it ends the same.

    :raises NothingInForce: the lawbook has no wage or premium for a day; the draft is empty then, and says why.
    """
    found = corrections.find(PayRun.objects.get(pk=run_id).month)
    try:
        while _some(run_id, found, at=at):
            pass
    except Refused as refused:
        _give_up(run_id, str(refused))
        raise
    return PayRun.objects.get(pk=run_id)


@transaction.atomic(durable=True)
def _some(run_id: int, found: list[corrections.Correction], *, at: datetime) -> bool:
    """Pay the next workers of a draft; return whether there are more."""
    run = PayRun.objects.select_for_update(no_key=True).get(pk=run_id)
    if run.state != PayRun.State.DRAFT or run.ready_at is not None:
        return False
    done = set(run.payslips.values_list("worker", flat=True))
    left = [pk for pk in run.worker_ids if pk not in done]
    if left:
        small = not Organisation.objects.filter(pk=1, large_employer=True).exists()
        writing.pay(run, writing.files_of(left[:AT_A_TIME]), found, small_employer=small)
    if len(left) > AT_A_TIME:
        return True
    run.ready_at = at
    run.save(update_fields=["ready_at"])
    record("pay_run.made", run, by_id=run.made_by_id, at=at, workers=len(run.worker_ids))
    return False


@transaction.atomic(durable=True)
def _give_up(run_id: int, why: str) -> None:
    run = PayRun.objects.select_for_update(no_key=True).get(pk=run_id)
    if run.state == PayRun.State.DRAFT:
        _clear(run)
        run.error, run.ready_at = why[:400], None
        run.save(update_fields=["error", "ready_at"])


def _clear(run: PayRun) -> None:
    PaidPiece.objects.filter(line__run=run).delete()
    run.lines.all().delete()
    run.payslips.all().delete()


def _people(days: Period[date]) -> list[int]:
    """Return who gets something: for work, for time, from their reserves, or for an earlier month."""
    owing = {row.worker_id for row in corrections.find(days.start) if row.lines}
    sure = gathering.concerned(days) | reserves.owed(days.start) | owing
    return sorted(sure | _called_off(days, gathering.called_off(days) - sure))


def _called_off(days: Period[date], ids: set[int]) -> set[int]:
    """Return who is paid for a call that was cancelled, and did nothing else. Who has no file is asked for it."""
    files = WorkerFile.objects.filter(worker__in=ids).select_related("worker").defer("bsn", "iban")
    agreements = gathering.agreements_of(files.prefetch_related("worker__contracts"))
    facts = gathering.gather(agreements, days)
    unpaid = {pk for pk in agreements if not reckoning.lines(facts[pk], days)}
    return ids - unpaid


def _refuse_missing_law(days: Period[date]) -> None:
    for rule in EVERY_RUN:
        for day in each_day(days):
            try:
                rule.on(day)
            except NothingInForce as missing:
                raise LawMissing(
                    _(
                        "In het wetboek staat voor %(day)s nog niet: “%(rule)s” Zonder die regel stopt de loonronde."
                    )
                    % {"day": date_format(day, "j F Y"), "rule": rule.nl}
                ) from missing


@transaction.atomic(durable=True)
def fix(run_id: int, *, by: User, at: datetime) -> PayRun:
    """Fix a draft as a second person: from now on it does not change, and it stands in the books.

    :raises NotADraft: it was fixed before.
    :raises NotReady: it is still being made, or could not be made.
    :raises SecondPersonNeeded: the maker cannot.
    :raises FactsChanged: hours, a contract or the law changed since; make the draft again.
    """
    run = PayRun.objects.select_for_update(no_key=True).get(pk=run_id)
    if run.state != PayRun.State.DRAFT:
        raise NotADraft(_("De lonen van deze maand zijn al vastgesteld."))
    if run.ready_at is None:
        raise NotReady(_("De proef is nog niet klaar."))
    if run.made_by_id == by.pk:
        raise SecondPersonNeeded(_("Iemand anders moet de lonen vaststellen: u maakte de proef."))
    _refuse_changed(run)
    last_day = month_of(run.month).end - timedelta(days=1)
    slips = list(run.payslips.select_related("run").order_by("pk"))
    post_each({f"wage:{slip.pk}": _moves(slip) for slip in slips}, last_day)
    for slip in slips:
        leave.note_of(slip, by=by, at=at)
    for row in corrections.find(run.month):
        if not row.lines or run.lines.filter(worker=row.worker_id, month=row.month).exists():
            Payslip.objects.filter(run__month=row.month, worker=row.worker_id).update(basis=row.basis)
    run.state, run.fixed_at, run.fixed_by = PayRun.State.FIXED, at, by
    run.save(update_fields=["state", "fixed_at", "fixed_by"])
    record("pay_run.fixed", run, by_id=by.pk, at=at)
    return run


def _refuse_changed(run: PayRun) -> None:
    days = month_of(run.month)
    now = gathering.bases(gathering.agreements_of(writing.files_of(run.worker_ids)), days)
    slips = run.payslips.exclude(basis="").select_related("worker")
    changed = {slip.worker.ref for slip in slips if now.get(slip.worker_id) != slip.basis}
    if changed:
        named = ", ".join(sorted(changed)[:MOST_NAMED])
        raise FactsChanged(
            _("Na de proef is iets veranderd bij: %(refs)s. Maak de proef opnieuw.") % {"refs": named}
        )


def _moves(slip: Payslip) -> list[Move]:
    party = f"worker:{slip.worker_id}"
    paid, released = slip.holiday_paid_cents, slip.holiday_released_cents
    return [
        Move(Account.WAGES, Account.WAGES_DUE, slip.gross_cents - paid, party),
        Move(Account.HOLIDAY_COST, Account.HOLIDAY_RESERVE, slip.holiday_cents, party),
        Move(Account.PREMIUMS, Account.TAX_DUE, slip.premium_cents, party),
        Move(Account.HOLIDAY_RESERVE, Account.WAGES_DUE, min(paid, released), party),
        Move(Account.ROUNDING, Account.WAGES_DUE, max(0, paid - released), party),
        Move(Account.HOLIDAY_RESERVE, Account.ROUNDING, max(0, released - paid), party),
    ]


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


def _refuse_open_weeks(days: Period[date]) -> None:
    weeks = open_weeks(days)
    if weeks:
        named = [_("week %(week)s (%(where)s)") % {"week": week, "where": where} for week, where in weeks]
        more = [_("en nog %(count)s") % {"count": len(named) - MOST_NAMED}] if len(named) > MOST_NAMED else []
        raise HoursNotAccepted(
            _("Van %(count)s bezoeken zijn de uren nog niet geaccepteerd. Sluit eerst: %(weeks)s.")
            % {"count": hours_not_accepted(days), "weeks": ", ".join(named[:MOST_NAMED] + more)}
        )
