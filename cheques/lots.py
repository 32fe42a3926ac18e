"""What a customer has: free, held, used, expired, and what is not yet paid."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection
from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Sum, When

from cheques.models import Hold, Lot, Movement, Purpose, Wallet
from kernel.periods import local_day


@dataclass(frozen=True)
class Figures:
    """Minutes of one wallet. Free minutes of a lot past its day count as expired, swept or not."""

    free: int
    held: int
    used: int
    expired: int
    frozen: int
    refunded: int
    outstanding: int
    handed: int = 0


def wallet_of(customer_id: int) -> Wallet:
    """Return a customer's wallet, made when it is first needed."""
    return Wallet.objects.get_or_create(customer_id=customer_id)[0]


def locked_wallet(customer_id: int) -> Wallet:
    """Return the wallet, locked: whatever changes its lots goes through here first. Step."""
    wallet_of(customer_id)
    return Wallet.objects.select_for_update(no_key=True).get(customer_id=customer_id)


def locked_wallets(customer_ids: Iterable[int]) -> dict[int, Wallet]:
    """Return the wallets of customers, locked in the order of their keys: two acts never wait crosswise. Step."""
    keys = [wallet_of(customer_id).pk for customer_id in set(customer_ids)]
    rows = Wallet.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk")
    return {wallet.customer_id: wallet for wallet in rows}


@dataclass(frozen=True)
class Use:
    """What hours are wanted for: the code of a service, at a door, on a day. Cheques with a purpose ask it.

    A booking that may start on several days names the first and the last: the purpose must cover both.
    """

    service: str
    address_id: int
    first_on: date
    start_on: date


def usable(wallet: Wallet, *, start_at: datetime, use: Use | None = None) -> "QuerySet[Lot]":
    """Return lots that may pay for a visit starting then: earliest expiry, then issue, then number (C3).

    Hours bought after the visit may pay for it, as those of the next order would (T3).

    Lots with a purpose are among them only when the use fits it; the database refuses the rest too.
    """
    mine = Lot.objects.filter(wallet=wallet, expires_at__gt=start_at)
    fits = Q(purpose=None) if use is None else Q(purpose=None) | Q(purpose__in=_fitting(wallet, use))
    return mine.filter(fits).order_by("expires_at", "issued_at", "pk")


def _fitting(wallet: Wallet, use: Use) -> "QuerySet[Purpose]":
    """Return the purposes a use fits: no limit of a kind, or named by it."""
    return Purpose.objects.filter(
        Q(services=[]) | Q(services__contains=[use.service]),
        ~Exists(Purpose.addresses.through.objects.filter(purpose=OuterRef("pk")))
        | Exists(Purpose.addresses.through.objects.filter(purpose=OuterRef("pk"), address=use.address_id)),
        ~Exists(Purpose.people.through.objects.filter(purpose=OuterRef("pk")))
        | Exists(Purpose.people.through.objects.filter(purpose=OuterRef("pk"), customer=wallet.customer_id)),
        from_on__lte=use.first_on,
        until_on__gt=use.start_on,
    )


# asked on most pages, so in one statement: a lot past its day counts as expired, swept or not
FIGURES = """
SELECT coalesce(sum(l.free_minutes) FILTER (WHERE l.expires_at > %(at)s), 0), coalesce(sum(l.held_minutes), 0),
    coalesce(sum(l.used_minutes), 0),
    coalesce(sum(l.expired_minutes + CASE WHEN l.expires_at > %(at)s THEN 0 ELSE l.free_minutes END), 0),
    coalesce(sum(l.frozen_minutes), 0), coalesce(sum(l.refunded_minutes), 0),
    coalesce((SELECT sum(o.minutes - o.settled_minutes) FROM cheques_outstanding o JOIN cheques_wallet w
        ON w.id = o.wallet_id WHERE w.customer_id = %(customer)s AND o.minutes > o.settled_minutes), 0),
    coalesce(sum(l.handed_minutes), 0)
FROM cheques_lot l JOIN cheques_wallet w ON w.id = l.wallet_id WHERE w.customer_id = %(customer)s
"""


def figures(customer_id: int, *, at: datetime) -> Figures:
    """Return the figures of a customer's wallet at a moment."""
    with connection.cursor() as cursor:
        cursor.execute(FIGURES, {"customer": customer_id, "at": at})
        return Figures(*(int(minutes) for minutes in cursor.fetchone()))


def next_expiry(customer_id: int, *, at: datetime) -> tuple[int, date] | None:
    """Return the minutes that expire first and their last day, or None when nothing is free."""
    soon = (
        Lot.objects.filter(wallet__customer_id=customer_id, free_minutes__gt=0, expires_at__gt=at)
        .values("expires_at")
        .annotate(total=Sum("free_minutes"))
        .order_by("expires_at")
        .first()
    )
    return (soon["total"], local_day(soon["expires_at"] - timedelta(seconds=1))) if soon else None


def held_of(lot_id: int) -> list[tuple[Hold, int]]:
    """Return the holds that keep minutes of a lot aside, with how many."""
    rows = (
        Movement.objects.filter(lot_id=lot_id, hold__isnull=False)
        .values("hold_id")
        .annotate(left=Sum(Case(When(target=Movement.Figure.HELD, then=F("minutes")), default=-F("minutes"))))
        .filter(left__gt=0)
        .order_by("hold_id")
    )
    known = Hold.objects.in_bulk([row["hold_id"] for row in rows])
    return [(known[row["hold_id"]], row["left"]) for row in rows]


def move(
    lot_id: int, source: str, target: str, minutes: int, *, key: str, at: datetime, hold: Hold | None = None
) -> Movement:
    """Write one movement; the database keeps the lot's figures. Step: the caller holds the wallet's lock."""
    return Movement.objects.create(
        lot_id=lot_id, hold=hold, source=source, target=target, minutes=minutes, key=key, at=at
    )
