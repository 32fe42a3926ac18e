"""The balance at Stripe: every movement with its fee, and what is available when."""

from datetime import UTC, datetime
from typing import Any

from .account import Account, Thing, new_id
from .forms import Form
from .rendering import created_between, cut, rendered

CARD_PER_MILLE, CARD_FIXED_CENTS = 15, 25
IDEAL_FIXED_CENTS = 29
WERO_FIXED_CENTS = 29  # invented: no price of Wero at Stripe was known when this was written
DISPUTE_FEE_CENTS = 20_00
COUNTED = ("checkout.session", "charge", "refund", "dispute", "payout", "event")


def fee_cents(method: str, amount: int) -> int:
    """Return the fee on a charge in cents, the half cent upwards."""
    if method == "card":
        return (amount * CARD_PER_MILLE + 500) // 1000 + CARD_FIXED_CENTS
    return IDEAL_FIXED_CENTS if method == "ideal" else WERO_FIXED_CENTS


def book(
    account: Account,
    kind: str,
    amount: int,
    *,
    source: str,
    fee: int = 0,
    category: str = "",
    waits: bool = False,
) -> Thing:
    """Book a movement on the balance.

    :param waits: incoming money is available some days later, on the clock of the business.
    """
    days = account.options.available_days if waits else 0
    fee_lines = [
        {
            "amount": fee,
            "application": None,
            "currency": "eur",
            "description": "Stripe processing fees",
            "type": "stripe_fee",
        }
    ]
    return account.add(
        {
            "id": new_id("txn_"),
            "object": "balance_transaction",
            "amount": amount,
            "available_on": account.business_now + days * 86_400,
            "balance_type": "payments",
            "created": account.now,
            "currency": "eur",
            "description": None,
            "exchange_rate": None,
            "fee": fee,
            "fee_details": fee_lines if fee else [],
            "net": amount - fee,
            "reporting_category": category or kind,
            "source": source,
            "status": "pending",
            "type": kind,
            "_payout": None,
        }
    )


def standing(account: Account) -> tuple[int, int]:
    """Return what is available and what is still pending, in cents."""
    row = account.database.execute(
        "SELECT coalesce(sum(CASE WHEN ready THEN net END), 0) AS available,"
        " coalesce(sum(CASE WHEN ready THEN 0 ELSE net END), 0) AS pending FROM"
        " (SELECT json_extract(body, '$.net') AS net, json_extract(body, '$.available_on') <= ? AS ready"
        " FROM thing WHERE object = 'balance_transaction')",
        (account.business_now,),
    ).fetchone()
    return int(row["available"]), int(row["pending"])


def retrieve_balance(account: Account, form: Form) -> Thing:
    form.nothing_else()
    available, pending = standing(account)

    def part(amount: int) -> list[dict[str, Any]]:
        return [{"amount": amount, "currency": "eur", "source_types": {"card": amount}}]

    return {
        "object": "balance",
        "available": part(available),
        "connect_reserved": [{"amount": 0, "currency": "eur"}],
        "livemode": False,
        "pending": part(pending),
    }


def retrieve(account: Account, form: Form, identifier: str) -> Thing:
    form.nothing_else()
    return rendered(account, account.find("balance_transaction", identifier))


def list_all(account: Account, form: Form) -> Thing:
    """List movements, newest first; ``payout`` gives those in a payout, the payout's own line among them."""
    conditions: list[str] = ["object = ?"]
    values: list[Any] = ["balance_transaction"]
    for name, path in {
        "payout": "_payout",
        "type": "type",
        "source": "source",
        "currency": "currency",
    }.items():
        if (value := form.text(name)) is not None:
            conditions.append(f"json_extract(body, '$.{path}') = ?")
            values.append(value)
    created_between(form, conditions, values)
    return cut(account, form, "/v1/balance_transactions", conditions, values)


def totals(account: Account) -> dict[str, Any]:
    """Return the sums that a reconciliation must meet; ``difference_cents`` is always 0."""
    sums: dict[str, int] = {}
    fees = 0
    for line in account.select("balance_transaction"):
        sums[line["reporting_category"]] = sums.get(line["reporting_category"], 0) + line["amount"]
        fees += line["fee"]
    available, pending = standing(account)
    refunded = -sums.get("refund", 0) - sums.get("refund_failure", 0)
    disputed = -sums.get("dispute", 0) - sums.get("dispute_reversal", 0)
    paid_out = -sums.get("payout", 0)
    charged = sums.get("charge", 0)
    return {
        "currency": "eur",
        "charges_cents": charged,
        "fees_cents": fees,
        "refunds_cents": refunded,
        "disputes_cents": disputed,
        "payouts_cents": paid_out,
        "balance_cents": available + pending,
        "available_cents": available,
        "pending_cents": pending,
        "difference_cents": charged - fees - refunded - disputed - paid_out - available - pending,
        "counts": {kind: account.count(kind) for kind in COUNTED},
    }


def midnight(day: str) -> int:
    """Return the start of a day (ISO) in UTC, as Stripe dates its payouts."""
    return int(datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp())
