"""Money of a municipality that came in, and the claim it pays."""

from datetime import datetime

from django.db import transaction
from django.db.models import Sum

from bank.matching import allocate, open_cents, open_lines
from bank.models import Allocation
from ledger.models import Account
from subsidies.claims import total_cents
from subsidies.models import Claim, ClaimLine


@transaction.atomic(durable=True)
def match_open_lines(*, at: datetime) -> int:
    """Allocate credits that name a claim, in part or whole; return how many lines."""
    claims = {claim.ref.upper(): claim for claim in Claim.objects.filter(state=Claim.State.SENT)}
    matched = 0
    for line in open_lines().filter(cents__gt=0):
        words = f"{line.remittance} {line.end_to_end_id}".upper()
        claim = next((claim for ref, claim in claims.items() if ref in words), None)
        if claim is None:
            continue
        part = min(open_cents(line), total_cents(claim) - received_cents(claim))
        if part > 0:
            allocate(line, cents=part, target=f"claim:{claim.pk}", against=Account.SUBSIDIES_DUE, at=at)
            matched += 1
            _settle(claim)
    return matched


def received_cents(claim: Claim) -> int:
    """Return what came in for a claim."""
    return Allocation.objects.filter(target=f"claim:{claim.pk}").aggregate(total=Sum("cents"))["total"] or 0


def _settle(claim: Claim) -> None:
    if received_cents(claim) == total_cents(claim):
        claim.lines.filter(state=ClaimLine.State.CLAIMED).update(state=ClaimLine.State.RECEIVED)
        Claim.objects.filter(pk=claim.pk).update(state=Claim.State.SETTLED)
