"""Say in time that hours expire, and put their end off once, for free."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cheques import lots
from cheques.expiry_models import ExpiryNotice, Extension
from cheques.models import Lot
from events.recording import record
from identity.models import User
from kernel.errors import Refused
from kernel.periods import add_months, end_of_day, local_day
from lawbook.cheques import EXPIRY_WARNING_DAYS, EXTENSION_MONTHS


class NotToBeExtended(Refused):
    """It was put off before, is over already, or there is nothing in it to put off."""


def warn_due(*, at: datetime) -> int:
    """Record a warning (`cheques.expiring`) for each lot that comes within a step of its end; return how many.

    Once for a lot and a step. When several steps passed since the last look, only the nearest is said.
    """
    farthest = at + timedelta(days=max(EXPIRY_WARNING_DAYS.on(timezone.localdate(at))))
    soon = Lot.objects.filter(expires_at__gt=at, expires_at__lte=farthest, free_minutes__gt=0)
    return sum(_warn(lot_id, at=at) for lot_id in list(soon.values_list("pk", flat=True)))


@transaction.atomic(durable=True)
def _warn(lot_id: int, *, at: datetime) -> int:
    lot = Lot.objects.select_related("wallet").get(pk=lot_id)
    left = (last_day(lot) - local_day(at)).days
    step = min((days for days in EXPIRY_WARNING_DAYS.on(local_day(at)) if left <= days), default=None)
    if step is None or not lot.free_minutes:
        return 0
    said, fresh = ExpiryNotice.objects.get_or_create(
        lot=lot, expires_at=lot.expires_at, days=step, defaults={"minutes": lot.free_minutes, "at": at}
    )
    if fresh:
        record(
            "cheques.expiring", lot, by_id=None, at=at, customer=lot.wallet.customer_id, minutes=said.minutes,
            days=step, last_day=last_day(lot).isoformat(), may_extend=may_extend(lot, at=at),
        )  # fmt: skip
    return int(fresh)


def last_day(lot: Lot) -> date:
    """Return the last day on which a visit may start that is paid with a lot."""
    return local_day(lot.expires_at - timedelta(seconds=1))


def may_extend(lot: Lot, *, at: datetime) -> bool:
    """Tell whether the end of a lot can be put off: its own buyer's, not over, not put off before, near its end."""
    near = lot.expires_at - timedelta(days=max(EXPIRY_WARNING_DAYS.on(local_day(at))) + 1)
    return (
        lot.order_id is not None
        and lot.purpose_id is None
        and lot.free_minutes > 0
        and near <= at < lot.expires_at
        and not Extension.objects.filter(lot=lot).exists()
    )


@transaction.atomic(durable=True)
def extend(lot_id: int, *, by: User, at: datetime) -> Extension:
    """Put the end of a lot off by the months of the rule, once.

    :raises NotToBeExtended: with the sentence why not.
    """
    lot = Lot.objects.select_related("wallet").get(pk=lot_id)
    lots.locked_wallet(lot.wallet.customer_id)
    lot.refresh_from_db()
    if not may_extend(lot, at=at):
        raise NotToBeExtended(
            _("Deze cheques kunt u nu niet langer maken. Dat kan één keer, kort voordat ze verlopen.")
        )
    months = EXTENSION_MONTHS.on(local_day(at))
    made = Extension.objects.create(
        lot=lot, before=lot.expires_at, after=end_of_day(add_months(last_day(lot), months)), at=at, by=by
    )
    lot.expires_at = made.after
    lot.save(update_fields=["expires_at"])
    record("lot.extended", lot, by_id=by.pk, at=at, last_day=last_day(lot).isoformat())
    return made
