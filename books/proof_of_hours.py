"""Proof that an hour is one object: accepted, confirmed, redeemed, paid, claimed."""

from collections.abc import Iterator

from django.db import connection
from django.db.models import Count, F, Q, QuerySet, Sum

from books.prove import Invariant, none_of
from cheques.models import Outstanding, Redemption
from payroll.models import PaidPiece, Payment, PayRun, Payslip, WageLine
from scheduling.models import Assignment, Borne, Travel
from subsidies.models import ClaimLine, PieceShare


def all_of() -> Iterator[Invariant]:
    """Yield the invariants of hours, wages and claims."""
    yield _accepted()
    yield _confirmed()
    yield _no_worker_twice()
    yield from _wages()
    yield from _claims()


def _sum(rows: QuerySet, column: str) -> int:  # type: ignore[type-arg]
    return int(rows.aggregate(total=Sum(column))["total"] or 0)


def hours_between() -> dict[str, int]:
    """Return the minutes of accepted hours by what became of them."""
    accepted = Assignment.objects.filter(accepted_minutes__isnull=False)
    borne = _sum(Borne.objects.all(), "minutes")
    open_rows = accepted.annotate(borne_sum=Sum("borne__minutes"))

    def left(outcome: str) -> int:
        return sum(
            (accepted_minutes or 0) - confirmed - (borne_sum or 0)
            for accepted_minutes, confirmed, borne_sum in open_rows.filter(outcome=outcome).values_list(
                "accepted_minutes", "confirmed_minutes", "borne_sum"
            )
        )

    return {
        "accepted": _sum(accepted, "accepted_minutes"),
        "confirmed": _sum(accepted, "confirmed_minutes"),
        "awaiting": left(Assignment.Outcome.AWAITING),
        "disputed": left(Assignment.Outcome.DISPUTED),
        "borne": borne,
    }


def _accepted() -> Invariant:
    hours = hours_between()
    parts = hours["confirmed"] + hours["awaiting"] + hours["disputed"] + hours["borne"]
    return Invariant(
        "accepted", "Geaccepteerd is bevestigd + wachtend + klacht + voor onze rekening",
        "Accepted is confirmed + awaiting + in dispute + borne",
        "accepted", hours["accepted"],
        f"confirmed {hours['confirmed']} + awaiting {hours['awaiting']} + disputed {hours['disputed']}"
        f" + borne {hours['borne']}", parts, "minutes",
    )  # fmt: skip


def _confirmed() -> Invariant:
    redeemed = _sum(Redemption.objects.filter(key__startswith="visit:"), "minutes")
    outstanding = _sum(Outstanding.objects.annotate(rest=F("minutes") - F("settled_minutes")), "rest")
    return Invariant(
        "confirmed", "Bevestigd is met cheques betaald + openstaand", "Confirmed is redeemed + outstanding",
        "confirmed", _sum(Assignment.objects.all(), "confirmed_minutes"),
        f"redeemed {redeemed} + outstanding {outstanding}", redeemed + outstanding, "minutes",
    )  # fmt: skip


def _no_worker_twice() -> Invariant:
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT count(*) FROM scheduling_assignment a JOIN scheduling_assignment b
               ON a.worker_id = b.worker_id AND a.id < b.id AND a.during && b.during
               WHERE a.state IN ('offered', 'assigned', 'worked') AND b.state IN ('offered', 'assigned', 'worked')"""
        )
        (found,) = cursor.fetchone()
    return none_of(
        "twice", "Niemand is op twee plekken", "No worker in two places", "pairs that overlap", found
    )


def _wages() -> Iterator[Invariant]:
    fixed = PayRun.objects.exclude(state=PayRun.State.DRAFT)
    months = [run.month for run in fixed]
    in_months = Q(pk__in=[])
    for month in months:
        in_months |= Q(accepted_minutes__gt=0, visit__start_at__date__year=month.year) & Q(
            visit__start_at__date__month=month.month
        )
    travel_months = Q(pk__in=[])
    for month in months:
        travel_months |= Q(start_at__date__year=month.year, start_at__date__month=month.month)
    accepted = _sum(Assignment.objects.filter(in_months), "accepted_minutes")
    travelled = _sum(Travel.objects.filter(travel_months), "minutes")
    pieces = PaidPiece.objects.exclude(line__run__state=PayRun.State.DRAFT)
    yield Invariant(
        "paid", "Elke geaccepteerde minuut staat in één loonregel", "Each accepted minute is in one wage line",
        f"accepted {accepted} + travel {travelled}", accepted + travelled,
        "in wage lines", _sum(pieces, "minutes"), "minutes",
    )  # fmt: skip
    lines = WageLine.objects.exclude(kind=WageLine.Kind.TOP_UP)
    yield Invariant(
        "wage_lines", "De delen van een loonregel tellen op", "The shares of a wage line add up",
        "lines", _sum(lines, "cents"), "pieces", _sum(PaidPiece.objects.all(), "cents"), "cents",
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
    twice = (
        Payment.objects.exclude(state=Payment.State.REJECTED)
        .values("payslip")
        .annotate(live=Count("pk"))
        .filter(live__gt=1)
    )
    yield none_of(
        "paid_once", "Elk loon gaat één keer naar de bank", "Each wage goes to the bank once",
        "wages in two files", twice.count(),
    )  # fmt: skip


def _claims() -> Iterator[Invariant]:
    live = ClaimLine.objects.exclude(state=ClaimLine.State.REFUSED)
    twice = live.values("award", "from_on").annotate(times=Count("pk")).filter(times__gt=1)
    yield none_of(
        "claimed_once", "Niets is twee keer gevraagd", "Nothing is claimed twice", "segments", twice.count()
    )
    outside = live.filter(Q(from_on__lt=F("award__from_on")) | Q(until_on__gt=F("award__until_on")))
    yield none_of(
        "under_award", "Elke claimregel valt onder een beschikking", "Every claim line is under its award",
        "lines outside", outside.count(),
    )  # fmt: skip
    with_shares = ClaimLine.objects.filter(pk__in=PieceShare.objects.values("line"))
    total = _sum(with_shares, "subsidy_cents") + _sum(with_shares, "compensation_cents")
    yield Invariant(
        "claim_shares", "De delen van een claimregel tellen op", "The shares of a claim line add up",
        "lines", total, "shares", _sum(PieceShare.objects.all(), "cents"), "cents",
    )  # fmt: skip
