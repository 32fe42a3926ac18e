"""Keep cheques aside for a booking: place, release; redemption takes them."""

from datetime import datetime

from django.db.models import Case, F, Sum, When
from django.utils.translation import ngettext

from cheques import lots
from cheques.models import Hold, Movement
from kernel.errors import Refused

FREE, HELD = Movement.Figure.FREE, Movement.Figure.HELD


class NotEnoughCheques(Refused):
    """The wallet is short; `short_minutes` says by how much."""

    def __init__(self, short_minutes: int) -> None:
        hours = -(-short_minutes // 60)
        super().__init__(
            ngettext(
                "U hebt %(hours)s cheque te weinig. Koop eerst een cheque bij.",
                "U hebt %(hours)s cheques te weinig. Koop eerst cheques bij.",
                hours,
            )
            % {"hours": hours}
        )
        self.short_minutes = short_minutes


def place(
    customer_id: int, *, minutes: int, start_at: datetime, key: str, at: datetime, use: lots.Use | None = None
) -> Hold:
    """Keep minutes aside for a visit that starts then. Step: the caller owns the transaction.

    :param use: what for; without it, cheques with a purpose are left alone.

    :raises NotEnoughCheques: fewer minutes are free that are still valid at the start.
    """
    wallet = lots.locked_wallet(customer_id)
    spendable = list(
        lots.usable(wallet, start_at=start_at, use=use).filter(free_minutes__gt=0, issued_at__lte=at)
    )
    short = minutes - sum(lot.free_minutes for lot in spendable)
    if short > 0:
        raise NotEnoughCheques(short)
    known = (
        {}
        if use is None
        else {"service": use.service, "address_id": use.address_id, "start_on": use.start_on}
    )
    hold = Hold.objects.create(key=key, wallet=wallet, minutes=minutes, placed_at=at, **known)
    wanted = minutes
    for lot in spendable:
        part = min(wanted, lot.free_minutes)
        if part:
            lots.move(lot.pk, FREE, HELD, part, key=f"hold:{key}:lot:{lot.pk}", at=at, hold=hold)
            wanted -= part
    return hold


def release(hold_id: int, *, key: str, at: datetime) -> int:
    """Free what is left of a hold and close it; return the minutes. Step: the caller owns the transaction."""
    hold = Hold.objects.select_related("wallet").get(pk=hold_id)
    lots.locked_wallet(hold.wallet.customer_id)
    hold = Hold.objects.select_for_update(no_key=True).get(pk=hold_id)
    freed = 0
    for lot_id, minutes in held_parts(hold):
        lots.move(lot_id, HELD, FREE, minutes, key=f"release:{key}:lot:{lot_id}", at=at, hold=hold)
        freed += minutes
    hold.state = Hold.State.CLOSED
    hold.save(update_fields=["state"])
    return freed


def held_parts(hold: Hold) -> list[tuple[int, int]]:
    """Return (lot, minutes) still held, in the order they will be spent."""
    rows = (
        Movement.objects.filter(hold=hold)
        .values("lot_id", "lot__expires_at")
        .annotate(left=Sum(Case(When(target=HELD, then=F("minutes")), default=-F("minutes"))))
        .filter(left__gt=0)
        .order_by("lot__expires_at", "lot_id")
    )
    return [(row["lot_id"], row["left"]) for row in rows]
