"""Bank lines that belong to the cheques: payouts of the payment service."""

from datetime import datetime

from django.db import transaction

from bank.matching import allocate, open_lines
from cheques.models import StripeLine
from ledger.models import Account


@transaction.atomic(durable=True)
def match_open_lines(*, at: datetime) -> int:
    """Allocate lines that carry the name of a payout; return how many."""
    matched = 0
    payouts = {row.source_id: -row.net_cents for row in StripeLine.objects.filter(kind="payout")}
    for line in open_lines().filter(cents__gt=0):
        found = next(
            (payout for payout in payouts if payout in line.remittance or payout == line.end_to_end_id), None
        )
        if found and payouts[found] == line.cents:
            allocate(line, cents=line.cents, target=f"payout:{found}", against=Account.STRIPE, at=at)
            matched += 1
    return matched
