"""Bank lines that pay wages, tax and premiums, and wages that came back."""

from datetime import datetime

from django.db import transaction

from bank.matching import allocate, mentions, one_at_a_time, open_lines
from bank.models import Line
from events.recording import record
from identity.models import Organisation
from ledger.models import Account
from payroll.models import Payment, PaymentFile, PayRun, Payslip

UNDERWAY = (Payment.State.WAITING, Payment.State.ACCEPTED)


@transaction.atomic(durable=True)
def match_open_lines(*, at: datetime) -> int:
    """Allocate what paid a net wage, a whole file of them, or the wage tax; return how many lines.

    A line pays a wage when it carries the payment's end-to-end id and its amount to the cent, and a whole file
    when it names the file and is the sum of what is still underway in it (what was rejected is not in it).
    """
    one_at_a_time()
    organisation = Organisation.objects.filter(pk=1).first()
    tax_number = organisation.wage_tax_number if organisation else ""
    matched, runs = 0, set()
    for line in open_lines().filter(cents__lt=0):
        if payment := _payment_of(line):
            runs |= _book(line, [payment], at=at)
        elif file := _file_of(line):
            runs |= _book(line, list(file.payments.filter(state__in=UNDERWAY).order_by("pk")), at=at)
        elif mentions(line, tax_number):
            allocate(line, cents=line.cents, target="tax", against=Account.TAX_DUE, at=at)
        else:
            continue
        matched += 1
    _mark_paid(runs)
    return matched + sum(_take_back(line, at=at) for line in open_lines().filter(cents__gt=0))


def _payment_of(line: Line) -> Payment | None:
    if not line.end_to_end_id:
        return None
    return (
        Payment.objects.select_for_update(no_key=True, of=("self",))
        .select_related("payslip__run")
        .filter(end_to_end_id=line.end_to_end_id, cents=-line.cents, state__in=UNDERWAY)
        .first()
    )


def _file_of(line: Line) -> PaymentFile | None:
    """Return the file that a line pays as one sum."""
    with_bank = [PaymentFile.State.SENT, PaymentFile.State.ANSWERED]
    for file in PaymentFile.objects.filter(state__in=with_bank, payments__state__in=UNDERWAY).distinct():
        if mentions(line, file.message_id):
            payments = file.payments.select_for_update(no_key=True).filter(state__in=UNDERWAY)
            if sum(payment.cents for payment in payments.order_by("pk")) == -line.cents:
                return file
    return None


def _book(line: Line, payments: list[Payment], *, at: datetime) -> set[int]:
    """Book what a line paid; return the runs it was for."""
    for payment in payments:
        allocate(
            line, cents=-payment.cents, target=f"payment:{payment.pk}", against=Account.NET_DUE, at=at,
            party=f"worker:{payment.payslip.worker_id}",
        )  # fmt: skip
        payment.state, payment.line = Payment.State.BOOKED, line
        payment.save(update_fields=["state", "line"])
    return {payment.payslip.run_id for payment in payments}


def _take_back(line: Line, *, at: datetime) -> bool:
    """Book a wage that the other bank sent back: it is owed again, and may be paid again once."""
    payment = (
        Payment.objects.select_for_update(no_key=True, of=("self",))
        .select_related("payslip__run")
        .filter(end_to_end_id=line.end_to_end_id, cents=line.cents, state=Payment.State.BOOKED)
        .first()
        if line.end_to_end_id
        else None
    )
    if payment is None:
        return False
    allocate(
        line, cents=line.cents, target=f"return:{payment.pk}", against=Account.NET_DUE, at=at,
        party=f"worker:{payment.payslip.worker_id}",
    )  # fmt: skip
    payment.state, payment.reason = Payment.State.REJECTED, "returned"
    payment.save(update_fields=["state", "reason"])
    PayRun.objects.filter(pk=payment.payslip.run_id).update(state=PayRun.State.NETTED)
    record("payment.returned", payment, by_id=None, at=at)
    return True


def _mark_paid(runs: set[int]) -> None:
    """Runs are paid when every net wage above zero was booked. Asked once for all lines: per line it grows with the year."""
    booked = Payment.objects.filter(state=Payment.State.BOOKED, payslip__run__in=runs).values("payslip")
    unpaid = Payslip.objects.filter(run__in=runs, net_cents__gt=0).exclude(pk__in=booked)
    PayRun.objects.filter(pk__in=runs).exclude(pk__in=unpaid.values("run")).update(state=PayRun.State.PAID)
