"""Mirror the balance at Stripe into the books: fees are a cost, payouts are on their way to the bank."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from cheques import stripe_gateway
from cheques.models import PayoutPart, StripeLine
from ledger.models import Account
from ledger.posting import Move, post

FEE_KINDS = {"stripe_fee", "adjustment"}


def pull(*, at: datetime) -> int:
    """Take over balance lines that are not mirrored yet; return how many."""
    last = StripeLine.objects.order_by("-pk").first()
    lines = list(stripe_gateway.balance_lines(after=last.stripe_id if last else ""))
    oldest_first = lines if last else lines[::-1]
    taken = sum(_mirror(line, at=at) for line in oldest_first)
    for payout in StripeLine.objects.filter(kind="payout", payout_part=None).order_by("pk"):
        _name_parts(payout.source_id)
    return taken


@transaction.atomic(durable=True)
def _mirror(line: stripe_gateway.BalanceLine, *, at: datetime) -> int:
    key = f"stripe:{line.id}"
    _row, fresh = StripeLine.objects.get_or_create(
        stripe_id=line.id,
        defaults={
            "kind": line.kind, "source_id": line.source, "gross_cents": line.gross_cents, "fee_cents": line.fee_cents,
            "net_cents": line.net_cents, "created_on": line.created_on, "entry_key": key,
            "payment_intent_id": line.payment_intent,
        },
    )  # fmt: skip
    if not fresh:  # another pull came first
        return 0
    today = timezone.localdate(at)
    if line.fee_cents > 0:
        post(key, today, Move(Account.FEES, Account.STRIPE, line.fee_cents))
    elif line.fee_cents < 0:
        post(key, today, Move(Account.STRIPE, Account.FEES, -line.fee_cents))
    if line.kind in FEE_KINDS and line.gross_cents < 0:
        post(f"{key}:gross", today, Move(Account.LOSSES, Account.STRIPE, -line.gross_cents))
    elif line.kind in FEE_KINDS and line.gross_cents > 0:
        post(f"{key}:gross", today, Move(Account.STRIPE, Account.LOSSES, line.gross_cents))
    return 1


def _name_parts(payout_id: str) -> None:
    """Note which lines went to the bank in a payout; its own line comes last, so that a broken round is done again."""
    found = [line.id for line in stripe_gateway.balance_lines(payout=payout_id)]
    rows = list(StripeLine.objects.filter(stripe_id__in=found))
    with transaction.atomic(durable=True):
        for row in sorted(rows, key=lambda one: (one.kind == "payout", one.pk)):
            PayoutPart.objects.get_or_create(line=row, defaults={"payout_id": payout_id})
