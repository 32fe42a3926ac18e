"""Bank lines that pay wages, tax and premiums."""

from datetime import datetime

from django.db import transaction

from bank.matching import allocate, open_lines
from identity.models import Organisation
from ledger.models import Account
from payroll.models import Payment, PayRun


@transaction.atomic(durable=True)
def match_open_lines(*, at: datetime) -> int:
    """Allocate debits that pay a net wage, or the wage tax; return how many lines."""
    matched = 0
    organisation = Organisation.objects.filter(pk=1).first()
    tax_number = organisation.wage_tax_number if organisation else ""
    for line in open_lines().filter(cents__lt=0):
        payment = (
            Payment.objects.select_for_update(no_key=True, of=("self",))
            .select_related("payslip")
            .filter(end_to_end_id=line.end_to_end_id, cents=-line.cents)
            .exclude(state__in=[Payment.State.REJECTED, Payment.State.BOOKED])
            .first()
            if line.end_to_end_id
            else None
        )
        if payment:
            allocate(
                line, cents=line.cents, target=f"payment:{payment.pk}", against=Account.NET_DUE, at=at,
                party=f"worker:{payment.payslip.worker_id}",
            )  # fmt: skip
            payment.state, payment.line = Payment.State.BOOKED, line
            payment.save(update_fields=["state", "line"])
            _mark_paid(payment.payslip.run)
            matched += 1
        elif tax_number and tax_number in line.remittance:
            allocate(line, cents=line.cents, target="tax", against=Account.TAX_DUE, at=at)
            matched += 1
    return matched


def _mark_paid(run: PayRun) -> None:
    """A run is paid when every net wage above zero was booked."""
    booked = Payment.objects.filter(state=Payment.State.BOOKED).values("payslip")
    if not run.payslips.filter(net_cents__gt=0).exclude(pk__in=booked).exists():
        PayRun.objects.filter(pk=run.pk).update(state=PayRun.State.PAID)
