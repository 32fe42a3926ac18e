"""Take back that cheques paid for a visit: silence confirmed it, and the customer says in time that it is not right."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from cheques import lots
from cheques.models import Chargeback, Hold, Movement, Outstanding, Redemption
from kernel.errors import Refused
from ledger.models import Entry
from ledger.posting import reverse

USED, FREE, HELD = Movement.Figure.USED, Movement.Figure.FREE, Movement.Figure.HELD


class CannotBeReversed(Refused):
    """What paid for it cannot simply be kept aside again: people must look at it."""


def take_back(hold_id: int, *, key: str, at: datetime) -> int:
    """Keep the minutes that paid for a fact aside again, in the hold they came from; return them. Step.

    The redemptions stay, each with its opposite, and so do their entries. Nobody's pay is touched.

    :raises CannotBeReversed: a part was never paid with cheques, or the money of a lot is taken back by a bank.
    """
    hold = Hold.objects.select_related("wallet").get(pk=hold_id)
    lots.locked_wallet(hold.wallet.customer_id)
    hold = Hold.objects.select_for_update(no_key=True).get(pk=hold_id)
    rows = list(Redemption.objects.filter(key=key).select_related("movement").order_by("pk"))
    open_rows = [row for row in rows if row.minutes > 0 and not _is_reversed(row)]
    used = {row.movement.lot_id for row in open_rows}
    disputed = Chargeback.objects.filter(order__lot__in=used).exclude(state=Chargeback.State.WON)
    if Outstanding.objects.filter(key=key).exists() or disputed.exists():
        raise CannotBeReversed(
            _("Een deel van dit bezoek is nog niet betaald. Bel ons: dan kijken wij samen.")
        )
    hold.state = Hold.State.OPEN
    hold.save(update_fields=["state"])
    return sum(_take_back_one(row, hold, at=at) for row in open_rows)


def _is_reversed(row: Redemption) -> bool:
    return Redemption.objects.filter(entry_key=_name(row)).exists()


def _name(row: Redemption) -> str:
    return f"takeback:{row.key}:{row.pk}"


def _take_back_one(row: Redemption, hold: Hold, *, at: datetime) -> int:
    """Write the opposite of one redemption; its minutes go through free to held, as the rules of a lot want."""
    name, lot_id = _name(row), row.movement.lot_id
    back = lots.move(lot_id, USED, FREE, row.minutes, key=name, at=at)
    lots.move(lot_id, FREE, HELD, row.minutes, key=f"{name}:held", at=at, hold=hold)
    reverse(name, timezone.localdate(at), Entry.objects.get(key=row.entry_key))
    Redemption.objects.create(
        movement=back, key=row.key, minutes=-row.minutes, cents=-row.cents, vat_rate=row.vat_rate,
        used_on=row.used_on, entry_key=name,
    )  # fmt: skip
    return row.minutes
