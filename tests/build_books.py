"""A month of which everything is there: bought at Stripe, worked, confirmed, paid, claimed, and told by the bank."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.db import transaction

from bank.models import Line, Statement
from cheques import bank_matching, issuing, stripe_mirror, vat
from cheques.models import Order, PayoutPart, StripeLine
from cheques.stripe_gateway import BalanceLine
from ledger.models import Account
from payroll import bureau, pay_run, sepa, settlement
from payroll.bureau_format import ANSWER
from payroll.models import Payment, PaymentFile, PayRun
from scheduling import confirming
from scheduling.models import Visit
from subsidies import claims, remittances
from subsidies.models import Claim
from tests import build, build_pay, build_work
from tests.build import NOON

NOVEMBER, DECEMBER = date(2026, 11, 1), datetime(2026, 12, 2, 9, tzinfo=UTC)
FEE = 29


@dataclass
class Month:
    """What was made."""

    order: Order
    visit: Visit
    run: PayRun
    file: PaymentFile
    claim: Claim


def month() -> Month:
    """Make it, by the use cases themselves; the bank's and Stripe's words are made up."""
    build.organisation(iban=build_pay.ORGANISATION, wage_tax_number="123456789L01")
    customer = build.customer()
    order = bought(customer)
    visit = _worked(customer)
    vat.close_month(NOVEMBER, at=DECEMBER)
    maker, second = build.member("payroll"), build.member("treasurer")
    run = build_pay.fixed(pay_run.make(NOVEMBER, by=maker, at=DECEMBER), at=DECEMBER)
    bureau.take_net(run.pk, _net(run), by=maker, at=DECEMBER)
    file = sepa.make_file(run.pk, by=maker, at=DECEMBER)
    sepa.approve(file.pk, by=second, at=DECEMBER)
    PaymentFile.objects.filter(pk=file.pk).update(state=PaymentFile.State.SENT)
    claim = claims.make(build.municipality().pk, month=NOVEMBER, by=maker, at=DECEMBER)
    claims.send(claim.pk, by=maker, at=DECEMBER)
    _told_by_the_bank(order, file, claim)
    return Month(order, visit, run, file, claim)


def bought(customer, *, hours: int = 20, intent: str = "pi_1", told: bool = True) -> Order:
    """An order that was paid at Stripe, whether or not its balance told so."""
    order = build.order(customer, hours=hours, payment_intent_id=intent, session_id=f"cs_{intent}")
    with transaction.atomic():
        issuing.issue(order, paid_cents=order.total_cents, money=Account.STRIPE, at=NOON)
    if told:
        tell_charge(order)
    order.refresh_from_db()
    return order


def tell_charge(order: Order) -> None:
    """Let Stripe's balance tell of a payment."""
    name, gross = f"txn_{order.payment_intent_id}", order.total_cents
    line = BalanceLine(
        name, "charge", f"ch_{name}", gross, FEE, gross - FEE, NOON.date(), order.payment_intent_id
    )
    stripe_mirror._mirror(line, at=NOON)


def paid_out(payout: str = "po_1") -> int:
    """Pay out all that Stripe's balance told and did not pay out; return the cents."""
    rows = list(StripeLine.objects.filter(payout_part=None))
    cents = sum(row.net_cents for row in rows)
    stripe_mirror._mirror(
        BalanceLine(f"txn_{payout}", "payout", payout, -cents, 0, -cents, DECEMBER.date()), at=DECEMBER
    )
    own = StripeLine.objects.get(source_id=payout)
    PayoutPart.objects.bulk_create(PayoutPart(line=row, payout_id=payout) for row in [*rows, own])
    return cents


def _worked(customer) -> Visit:
    visit = build_work.published_visit(customer=customer, crew=2)
    for row in visit.assignments.all():
        build_pay.worker_file(row.worker)
        build_pay.award(row.worker)
        build_work.visits.check_in(row.pk, by=row.worker.user, at=visit.start_at)
        build_work.visits.check_out(row.pk, by=row.worker.user, at=visit.start_at + timedelta(minutes=187))
    confirming.confirm(visit.pk, by=build.owner_of(customer), at=visit.end_at + timedelta(hours=1))
    build_work.close_week(visit)
    visit.refresh_from_db()
    return visit


def _net(run: PayRun) -> bytes:
    rows = [
        f"{run.ref};{slip.worker.ref};{slip.gross_cents};700;0;{slip.gross_cents - 700}"
        for slip in run.payslips.select_related("worker")
    ]
    return "\n".join([";".join(ANSWER), *rows]).encode()


def _told_by_the_bank(order: Order, file: PaymentFile, claim: Claim) -> None:
    came = [(paid_out(), "STRIPE po_1", ""), (claims.total_cents(claim), f"LKS {claim.ref}", "")]
    went = [(-one.cents, "Loon", one.end_to_end_id) for one in Payment.objects.filter(file=file)]
    del order
    statement([*came, *went])
    bank_matching.match_open_lines(at=DECEMBER)
    settlement.match_open_lines(at=DECEMBER)
    remittances.match_open_lines(at=DECEMBER)


def statement(rows: list[tuple[int, str, str]], *, name: str = "1") -> Statement:
    """A statement of these lines: cents, remittance, end-to-end id."""
    total = sum(cents for cents, _words, _reference in rows)
    made = Statement.objects.create(
        digest=name * 8, iban=build_pay.ORGANISATION, statement_id=name, opening_cents=0, closing_cents=total,
        from_on=DECEMBER.date(), until_on=DECEMBER.date(), imported_at=DECEMBER,
    )  # fmt: skip
    for number, (cents, words, reference) in enumerate(rows):
        Line.objects.create(
            statement=made, bank_ref=f"{name}-{number}", booked_on=DECEMBER.date(), cents=cents, remittance=words,
            end_to_end_id=reference, counter_name="Fatma Yilmaz" if reference else "Gemeente Breda",
        )  # fmt: skip
    return made
