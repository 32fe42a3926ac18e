"""The file that pays net wages (pain.001.001.09): made by one person, approved by another, sent once."""

import hashlib
import re
import unicodedata
from datetime import datetime

import requests
from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from sepaxml import SepaTransfer

from events.recording import record
from identity.models import Organisation, User
from kernel.errors import Refused
from payroll import pain002
from payroll.models import Payment, PaymentFile, PayRun, Payslip, WorkerFile

SCHEMA = "pain.001.001.09"
PATIENCE_SECONDS = 20


class NothingToPay(Refused):
    """No net wage of the run waits for payment."""


class SecondPersonNeeded(Refused):
    """Who made the file cannot approve it."""


class NotApproved(Refused):
    """The file waits for approval, or was sent."""


class BankDown(Refused):
    """The bank did not answer, or refused the file."""


@transaction.atomic(durable=True)
def make_file(run_id: int, *, by: User, at: datetime) -> PaymentFile:
    """Make a file of every net wage that stands in no live payment: first all, later what the bank refused.

    :raises NothingToPay: every wage is on its way, or net is not known.
    """
    run = PayRun.objects.select_for_update(no_key=True).get(pk=run_id)
    due = [slip for slip in _due(run) if slip.net_cents]
    if not due:
        raise NothingToPay(_("Er zijn geen netto lonen die nog betaald moeten worden."))
    organisation = Organisation.objects.get(pk=1)
    files = {row.worker_id: row for row in WorkerFile.objects.filter(worker__in=[s.worker_id for s in due])}
    number = (run.files.aggregate(last=Max("pk"))["last"] and run.files.count()) or 0
    message_id = f"WAGE{run.month:%Y%m}-{number + 1}-{run.ref[:8]}".upper()
    transfer = SepaTransfer(
        {
            "name": latin(organisation.name), "IBAN": organisation.iban, "BIC": organisation.bic or "BUNQNL2A",
            "batch": True, "currency": "EUR",
        },
        schema=SCHEMA, clean=True,
    )  # fmt: skip
    payments = []
    for slip in due:
        end_to_end = f"W{run.month:%Y%m}-{slip.worker.ref}-{number + 1}".upper()
        transfer.add_payment({
            "name": latin(files[slip.worker_id].account_name), "IBAN": files[slip.worker_id].iban,
            "amount": slip.net_cents, "execution_date": timezone.localdate(at), "endtoend_id": end_to_end,
            "description": f"Loon {run.month:%m-%Y}",
        })  # fmt: skip
        payments.append(Payment(payslip=slip, end_to_end_id=end_to_end, cents=slip.net_cents or 0))
    # the library makes up a message id when it starts; ours is the one we can ask the bank about
    body = transfer.export(validate=True).replace(transfer.msg_id.encode(), message_id.encode())
    file = PaymentFile.objects.create(
        run=run, message_id=message_id, body=body.decode(), digest=hashlib.sha256(body).hexdigest(),
        total_cents=sum(payment.cents for payment in payments), made_at=at, made_by=by,
    )  # fmt: skip
    for payment in payments:
        payment.file = file
    Payment.objects.bulk_create(payments)
    record(
        "payment_file.made", file, by_id=by.pk, at=at, payments=len(payments), total_cents=file.total_cents
    )
    return file


@transaction.atomic(durable=True)
def approve(file_id: int, *, by: User, at: datetime) -> PaymentFile:
    """Approve a file, as the treasurer.

    :raises SecondPersonNeeded: the maker cannot.
    :raises NotApproved: it was approved before.
    """
    file = PaymentFile.objects.select_for_update(no_key=True).get(pk=file_id)
    if file.made_by_id == by.pk:
        raise SecondPersonNeeded(_("Iemand anders moet dit bestand goedkeuren."))
    if file.state != PaymentFile.State.DRAFT:
        raise NotApproved(_("Dit bestand is al goedgekeurd."))
    file.state, file.approved_at, file.approved_by = PaymentFile.State.APPROVED, at, by
    file.save(update_fields=["state", "approved_at", "approved_by"])
    record("payment_file.approved", file, by_id=by.pk, at=at)
    return file


def send(file_id: int, *, at: datetime) -> PaymentFile:
    """Give an approved file to the bank. The bank takes a message id once, so sending again does no harm.

    :raises NotApproved: it is not approved.
    :raises BankDown: the bank did not take it.
    """
    file = PaymentFile.objects.get(pk=file_id)
    if file.state == PaymentFile.State.DRAFT:
        raise NotApproved(_("Dit bestand is nog niet goedgekeurd."))
    if file.state == PaymentFile.State.APPROVED:
        try:
            answer = requests.post(
                f"{settings.BANK_URL}/ebics/pain001", data=file.body.encode(), timeout=PATIENCE_SECONDS
            )
        except requests.RequestException as error:
            raise BankDown(_("De bank antwoordt niet. Probeer het later nog eens.")) from error
        if not (answer.ok or _known(answer)):
            raise BankDown(_("De bank neemt het bestand niet aan: %(why)s") % {"why": answer.text[:300]})
        _mark_sent(file_id, at=at)
    return PaymentFile.objects.get(pk=file_id)


def _known(answer: requests.Response) -> bool:
    """Tell whether the bank has these very bytes already: a time-out hid its first answer."""
    return answer.status_code == requests.codes.conflict and "the same file" in answer.text


@transaction.atomic(durable=True)
def _mark_sent(file_id: int, *, at: datetime) -> None:
    file = PaymentFile.objects.select_for_update(no_key=True).get(pk=file_id)
    if file.state == PaymentFile.State.APPROVED:
        file.state = PaymentFile.State.SENT
        file.save(update_fields=["state"])
        record("payment_file.sent", file, by_id=None, at=at)


def fetch_answer(file_id: int, *, at: datetime) -> bool:
    """Ask the bank what became of a file; return whether there was an answer.

    :raises BankDown: the bank did not answer.
    """
    file = PaymentFile.objects.get(pk=file_id)
    try:
        answer = requests.get(
            f"{settings.BANK_URL}/ebics/pain002", params={"msg_id": file.message_id}, timeout=PATIENCE_SECONDS
        )
        answer.raise_for_status()
    except requests.RequestException as error:
        raise BankDown(_("De bank antwoordt niet. Probeer het later nog eens.")) from error
    if answer.status_code == requests.codes.no_content:
        return False
    read_answer(file_id, answer.content, at=at)
    return True


@transaction.atomic(durable=True)
def read_answer(file_id: int, body: bytes, *, at: datetime) -> PaymentFile:
    """Take over the bank's answer (pain.002), transaction by transaction; what it refused may be paid again.

    :raises pain002.NotAReport: it cannot be read, or is about another file.
    """
    file = PaymentFile.objects.select_for_update(no_key=True).get(pk=file_id)
    report = pain002.read(body)
    if report.message_id != file.message_id:
        raise pain002.NotAReport(_("Dit antwoord hoort bij een ander bestand."))
    for payment in (
        file.payments.select_for_update(no_key=True).filter(state=Payment.State.WAITING).order_by("pk")
    ):
        status, reason = report.of(payment.end_to_end_id)
        payment.state = {"rejected": Payment.State.REJECTED, "accepted": Payment.State.ACCEPTED}.get(
            status, payment.state
        )
        payment.reason = reason[:80]
        payment.save(update_fields=["state", "reason"])
    file.state = PaymentFile.State.ANSWERED
    file.save(update_fields=["state"])
    refused = file.payments.filter(state=Payment.State.REJECTED).count()
    record("payment_file.answered", file, by_id=None, at=at, refused=refused)
    return file


def latin(text: str) -> str:
    """Return a text in the signs that SEPA allows."""
    plain = (
        unicodedata.normalize("NFKD", text.replace("ı", "i").replace("ß", "ss"))
        .encode("ascii", "ignore")
        .decode()
    )
    return re.sub(r"[^A-Za-z0-9/\-?:().,'+ ]", " ", plain).strip()[:70]


def _due(run: PayRun) -> list[Payslip]:
    live = Payment.objects.exclude(state=Payment.State.REJECTED).values("payslip")
    rows = run.payslips.filter(net_cents__gt=0).exclude(pk__in=live).select_related("worker")
    return list(rows.order_by("worker__ref"))
