"""Subsidy that a town takes back after it was paid."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from bank.models import Allocation
from events.recording import record
from identity.models import User
from kernel.errors import Refused
from ledger.models import Account
from ledger.posting import Move, post
from subsidies.models import ClaimLine, Clawback


class NotToTakeBack(Refused):
    """The line was not paid, or not that much of it is left."""


@transaction.atomic(durable=True)
def take_back(
    line_id: int, *, cents: int, reason: str, letter: str, decided_on: date, by: User, at: datetime
) -> Clawback:
    """Write down a decision to take back (a part of) a line: from that day on we owe it to the town.

    :raises NotToTakeBack: see the class.
    """
    line = (
        ClaimLine.objects.select_for_update(no_key=True, of=("self",)).select_related("award").get(pk=line_id)
    )
    if line.state != ClaimLine.State.RECEIVED or not 0 < cents <= left_cents(line):
        raise NotToTakeBack(_("Van deze regel is niet zoveel ontvangen."))
    if Clawback.objects.filter(line=line, letter=letter).exists():
        raise NotToTakeBack(_("Deze brief is al verwerkt."))
    back = Clawback.objects.create(
        line=line, cents=cents, reason=reason[:160], letter=letter, decided_on=decided_on
    )
    post(
        f"clawback:{back.pk}", decided_on,
        Move(Account.SUBSIDY_INCOME, Account.SUBSIDIES_DUE, cents, f"worker:{line.award.worker_id}"),
    )  # fmt: skip
    record("clawback.decided", back, by_id=by.pk, at=at, cents=cents)
    return back


def left_cents(line: ClaimLine) -> int:
    """Return what is left of a line after what was taken back."""
    back = line.clawbacks.aggregate(total=Sum("cents"))["total"] or 0
    return line.subsidy_cents + line.compensation_cents - back


def repaid_cents(back: Clawback) -> int:
    """Return what we paid back, above zero."""
    return -(
        Allocation.objects.filter(target=f"clawback:{back.pk}").aggregate(total=Sum("cents"))["total"] or 0
    )
