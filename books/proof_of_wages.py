"""Proof that wages are what was worked: each minute once, parts add up, reserves stand in the books."""

from collections.abc import Iterator

from django.db import connection
from django.db.models import Count, F, Q, QuerySet, Sum

from books.prove import Invariant, none_of
from ledger.balances import balance
from ledger.models import Account, Transfer
from payroll.models import LeaveEntry, PaidPiece, Payment, PayRun, Payslip, WageLine
from scheduling.models import Assignment, Travel

WITHOUT_PIECES = (WageLine.Kind.HOLIDAY, WageLine.Kind.LEAVE_LEFT)


def all_of() -> Iterator[Invariant]:
    """Yield the invariants of wages."""
    yield _paid()
    yield _paid_each()
    yield _time_paid()
    yield from _lines()
    yield from _reserves()
    yield _paid_once()


def _sum(rows: QuerySet, column: str) -> int:  # type: ignore[type-arg]
    return int(rows.aggregate(total=Sum(column))["total"] or 0)


def _paid() -> Invariant:
    months = PayRun.objects.exclude(state=PayRun.State.DRAFT).values_list("month", flat=True)
    in_months, travel_months = Q(pk__in=[]), Q(pk__in=[])
    for month in months:
        in_months |= Q(accepted_minutes__gt=0, visit__start_at__date__year=month.year) & Q(
            visit__start_at__date__month=month.month
        )
        travel_months |= Q(start_at__date__year=month.year, start_at__date__month=month.month)
    accepted = _sum(Assignment.objects.filter(in_months), "accepted_minutes")
    travelled = _sum(Travel.objects.filter(travel_months), "minutes")
    pieces = PaidPiece.objects.exclude(line__run__state=PayRun.State.DRAFT).filter(
        line__kind__in=WageLine.OF_WORK
    )
    return Invariant(
        "paid", "Elke geaccepteerde minuut staat in één loonregel", "Each accepted minute is in one wage line",
        f"accepted {accepted} + travel {travelled}", accepted + travelled,
        "in wage lines", _sum(pieces, "minutes"), "minutes",
    )  # fmt: skip


def _paid_each() -> Invariant:
    """The sum above, visit by visit: too much for one and too little for another would hide in it."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT count(*) FROM (
                 SELECT a.id FROM payroll_paidpiece p
                 JOIN payroll_wageline l ON l.id = p.line_id AND l.kind = 'visit'
                 JOIN payroll_payrun r ON r.id = l.run_id AND r.state <> 'draft'
                 JOIN scheduling_assignment a ON a.id = p.assignment_id
                 GROUP BY a.id HAVING sum(p.minutes) <> a.accepted_minutes
               ) AS wrong"""
        )
        (found,) = cursor.fetchone()
    return none_of(
        "paid_each", "Van elk bezoek is elke minuut één keer betaald", "Of each visit each minute is paid once",
        "visits paid otherwise", found,
    )  # fmt: skip


def _time_paid() -> Invariant:
    """Training, leave and sickness are paid whole, or not at all (withdrawn, or not yet)."""
    pieces = PaidPiece.objects.exclude(line__run__state=PayRun.State.DRAFT).filter(time__isnull=False)
    rows = pieces.values("time", "time__minutes").annotate(paid=Sum("minutes"))
    wrong = rows.exclude(paid=0).exclude(paid=F("time__minutes")).count()
    return none_of(
        "time_paid", "Scholing, vrij en ziek zijn één keer betaald", "Training, leave and sickness are paid once",
        "times paid otherwise", wrong,
    )  # fmt: skip


def _lines() -> Iterator[Invariant]:
    lines = WageLine.objects.exclude(kind__in=WITHOUT_PIECES)
    pieces = PaidPiece.objects.all()
    yield Invariant(
        "wage_lines", "De delen van een loonregel tellen op", "The shares of a wage line add up",
        "lines", _sum(lines, "cents"), "pieces", _sum(pieces, "cents"), "cents",
    )  # fmt: skip
    yield Invariant(
        "wage_minutes", "De minuten van een loonregel tellen op", "The minutes of a wage line add up",
        "lines", _sum(lines, "minutes"), "pieces", _sum(pieces, "minutes"), "minutes",
    )  # fmt: skip
    yield Invariant(
        "gross", "Bruto is de som van de loonregels", "Gross is the sum of the wage lines",
        "payslips", _sum(Payslip.objects.all(), "gross_cents"), "lines", _sum(WageLine.objects.all(), "cents"),
        "cents",
    )  # fmt: skip
    netted = Payslip.objects.filter(net_cents__isnull=False)
    yield Invariant(
        "net", "Bruto is netto + ingehouden", "Gross is net + withheld",
        "gross", _sum(netted, "gross_cents"),
        "net + withheld", _sum(netted, "net_cents") + _sum(netted, "withheld_cents"), "cents",
    )  # fmt: skip
    yield none_of(
        "labelled", "Een correctie hoort bij een eerdere maand", "A correction belongs to an earlier month",
        "lines of a later month", WageLine.objects.filter(month__gt=F("run__month")).count(),
    )  # fmt: skip


def _reserves() -> Iterator[Invariant]:
    fixed = Payslip.objects.exclude(run__state=PayRun.State.DRAFT)
    brought = Transfer.objects.filter(entry__key__startswith="opening:holiday:")
    kept = _sum(fixed, "holiday_cents") + _sum(brought, "cents") - _sum(fixed, "holiday_released_cents")
    yield Invariant(
        "holiday", "Gespaard vakantiegeld staat zo in de boeken", "Holiday allowance kept stands so in the books",
        "brought + earned - released", kept, "account", -balance(Account.HOLIDAY_RESERVE), "cents",
    )  # fmt: skip
    holiday = WageLine.objects.filter(kind=WageLine.Kind.HOLIDAY)
    yield Invariant(
        "holiday_paid", "Vakantiegeld op loonstroken is dat van de regels", "Holiday allowance on payslips is in lines",
        "payslips", _sum(Payslip.objects.all(), "holiday_paid_cents"), "lines", _sum(holiday, "cents"), "cents",
    )  # fmt: skip
    written = LeaveEntry.objects.filter(Q(key__startswith="earned:") | Q(key__startswith="paid:"))
    yield Invariant(
        "leave", "Vrije uren op loonstroken staan in het verlofboek", "Leave on payslips stands in the book of leave",
        "earned - paid", _sum(fixed, "leave_minutes") - _sum(fixed, "leave_out_minutes"),
        "entries", _sum(written, "minutes"), "minutes",
    )  # fmt: skip
    leave = WageLine.objects.filter(kind__in=[WageLine.Kind.LEAVE, WageLine.Kind.LEAVE_LEFT])
    yield Invariant(
        "leave_out", "Vrije uren op loonstroken zijn die van de regels", "Leave on payslips is that of the lines",
        "payslips", _sum(Payslip.objects.all(), "leave_out_minutes"), "lines", _sum(leave, "minutes"), "minutes",
    )  # fmt: skip


def _paid_once() -> Invariant:
    twice = (
        Payment.objects.exclude(state=Payment.State.REJECTED)
        .values("payslip")
        .annotate(live=Count("pk"))
        .filter(live__gt=1)
    )
    return none_of(
        "paid_once", "Elk loon gaat één keer naar de bank", "Each wage goes to the bank once",
        "wages in two files", twice.count(),
    )  # fmt: skip
