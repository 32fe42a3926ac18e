"""Proof that an hour is one object: accepted, confirmed, redeemed, claimed."""

from collections.abc import Iterator

from django.db import connection
from django.db.models import Count, F, Q, QuerySet, Sum

from books.prove import Invariant, none_of
from cheques.models import Outstanding, Redemption
from scheduling.models import Assignment, Borne
from subsidies.models import ClaimLine, PieceShare


def all_of() -> Iterator[Invariant]:
    """Yield the invariants of hours and claims."""
    yield _accepted()
    yield _confirmed()
    yield _no_worker_twice()
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
