"""Payouts: the available balance goes to the organisation's bank account, and the bank is told."""

import requests

from . import balance, events
from .account import Account, Thing, new_id
from .forms import Form
from .rendering import page, rendered

PAYER_NAME = "Stripe Payments Europe (nagemaakt)"
BANK_SECONDS = 5


class NothingToPayOut(Exception):
    """What is available is not more than zero."""


def pay_out(account: Account, *, day: str | None = None, everything: bool = False) -> Thing:
    """Pay out what is available as one payout that knows each of its movements.

    :param day: the day it arrives at the bank; today on the clock of the business when not said.
    :param everything: take what is still pending too.
    :raises NothingToPayOut: the sum is not more than zero.
    """
    lines = [
        line
        for line in account.select("balance_transaction", "json_extract(body, '$._payout') IS NULL")
        if everything or line["available_on"] <= account.business_now
    ]
    amount = sum(line["net"] for line in lines)
    if amount <= 0:
        raise NothingToPayOut(f"There is nothing to pay out: {amount} cents are available.")
    arrives_on = day or account.business_day
    identifier = new_id("po_")
    own_line = balance.book(account, "payout", -amount, source=identifier)
    for line in [*lines, own_line]:
        line["_payout"] = identifier
        line["available_on"] = min(line["available_on"], account.business_now)
        account.save(line)
    payout = account.add(
        _payout(account, identifier, amount, arrives_on) | {"balance_transaction": own_line["id"]}
    )
    for kind in ("payout.created", "payout.paid", "payout.reconciliation_completed"):
        events.record(account, kind, payout)
    if account.options.bank_url:
        account.plan("tell_bank", identifier, after_seconds=0)
    return payout


def _payout(account: Account, identifier: str, amount: int, arrives_on: str) -> Thing:
    return {
        "id": identifier,
        "object": "payout",
        "amount": amount,
        "application_fee": None,
        "application_fee_amount": None,
        "arrival_date": balance.midnight(arrives_on),
        "automatic": True,
        "balance_transaction": None,
        "created": account.now,
        "currency": "eur",
        "description": "STRIPE PAYOUT",
        "destination": None,
        "failure_balance_transaction": None,
        "failure_code": None,
        "failure_message": None,
        "livemode": False,
        "metadata": {},
        "method": "standard",
        "original_payout": None,
        "payout_method": None,
        "reconciliation_status": "completed",
        "reversed_by": None,
        "source_type": "card",
        "statement_descriptor": None,
        "status": "paid",
        "trace_id": {"status": "supported", "value": identifier},
        "type": "bank_account",
        "_arrives_on": arrives_on,
    }


def notice(account: Account, payout: Thing) -> Thing:
    """Return what the bank is told of a payout; the reference makes telling it twice harmless."""
    told: Thing = {
        "amount_cents": payout["amount"],
        "date": payout["_arrives_on"],
        "name": PAYER_NAME,
        "end_to_end_id": payout["id"],
        "remittance": f"STRIPE {payout['id']}",
        "reference": payout["id"],
    }
    if account.options.bank_iban:
        told["iban"] = account.options.bank_iban
    return told


def tell(bank_url: str, told: Thing) -> bool:
    """Tell the bank of a payout and return whether it has heard."""
    try:
        answer = requests.post(f"{bank_url}/_sandbox/credit", json=told, timeout=BANK_SECONDS)
    except requests.RequestException:
        return False
    return answer.ok


def retrieve(account: Account, form: Form, identifier: str) -> Thing:
    form.nothing_else()
    return rendered(account, account.find("payout", identifier))


def list_all(account: Account, form: Form) -> Thing:
    return page(account, "payout", form, url="/v1/payouts", fields=("status", "destination"))
