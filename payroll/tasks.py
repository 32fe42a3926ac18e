"""Tasks of the wages: each one call."""

from typing import Any

import structlog
from celery import shared_task

from identity import clock
from kernel.errors import Refused
from payroll import pay_run, sepa, settlement
from payroll.models import Payment, PaymentFile

log = structlog.get_logger()


@shared_task
def compute_run(*, payrun_id: int, **_kwargs: Any) -> None:
    """Compute a draft that was begun, or what is left of it."""
    try:
        pay_run.go_on(payrun_id, at=clock.now())
    except Refused as refused:  # the draft says why
        log.info("pay_run.refused", run=payrun_id, why=refused.code)


@shared_task
def fetch_answers(**_kwargs: Any) -> None:
    """Ask the bank what became of files that it has, until it said so of every payment."""
    with_bank = PaymentFile.objects.filter(
        state__in=[PaymentFile.State.SENT, PaymentFile.State.ANSWERED], payments__state=Payment.State.WAITING
    )
    for file_id in with_bank.order_by("pk").values_list("pk", flat=True).distinct():
        try:
            sepa.fetch_answer(file_id, at=clock.now())
        except Refused as refused:  # the bank is away, or answers something else: asked again later
            log.info("payment_file.no_answer", file=file_id, why=refused.code)


@shared_task
def match_open_lines(**_kwargs: Any) -> None:
    """Give bank lines their wages and tax."""
    settlement.match_open_lines(at=clock.now())
