"""Money of a municipality that came in, and the claim it pays."""

from datetime import datetime

from django.db import transaction

from bank.matching import allocate, mentions, one_at_a_time, with_open_cents
from ledger.models import Account
from subsidies.claims import received_cents, settle, total_cents
from subsidies.models import Claim

__all__ = ["match_open_lines", "received_cents"]


@transaction.atomic(durable=True)
def match_open_lines(*, at: datetime) -> int:
    """Allocate credits that name a claim, in part or whole; return how many lines.

    One line may pay several claims that it names; what is more than was asked waits in the queue.
    """
    one_at_a_time()
    claims = list(Claim.objects.select_for_update(no_key=True).filter(state=Claim.State.SENT).order_by("pk"))
    matched = 0
    for line, left in with_open_cents():
        paid = 0
        for claim in claims if left > 0 else ():
            part = min(left - paid, total_cents(claim) - received_cents(claim))
            if part > 0 and mentions(line, claim.ref):
                allocate(line, cents=part, target=f"claim:{claim.pk}", against=Account.SUBSIDIES_DUE, at=at)
                paid += part
                settle(claim)
        matched += paid > 0
    return matched
