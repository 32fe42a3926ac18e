"""The file that pays net wages (pain.001.001.09): made by one person, approved by another, sent once."""

import hashlib
from datetime import datetime

import requests
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from stdnum import iban

from events.recording import record
from identity.models import Organisation, User
from kernel.errors import Refused
from kernel.periods import local_day
from payroll import pain001, pain002
from payroll.models import Payment, PaymentFile, PayRun, Payslip, WorkerFile

PATIENCE_SECONDS = 20


class NothingToPay(Refused):
    """No net wage of the run waits for payment."""


class SecondPersonNeeded(Refused):
    """Who made the file cannot approve it."""


class NotApproved(Refused):
    """The file waits for approval, or was sent."""


class WrongIban(Refused):
    """An account number does not pass its check."""


class Changed(Refused):
    """The file in store is not the one that was approved."""


class BankDown(Refused):
    """The bank did not answer, or refused the file."""


@transaction.atomic(durable=True)
def make_file(run_id: int, *, by: User, at: datetime) -> PaymentFile:
    """Make a file of every net wage that stands in no live payment: first all, later what the bank refused.

    :raises NothingToPay: every wage is on its way, or net is not known.
    :raises WrongIban: somebody's account number, or our own, does not pass its check.
    """
    run = PayRun.objects.select_for_update(no_key=True).get(pk=run_id)
    due = _due(run)
    if not due:
        raise NothingToPay(_("Er zijn geen netto lonen die nog betaald moeten worden."))
    number = run.files.count() + 1
    message_id = f"WAGE{run.month:%Y%m}-{number}-{run.ref[:8]}".upper()
    transfers = _transfers(run, due, number)
    body = pain001.write(
        _payer(), transfers, message_id=message_id, pays_on=local_day(at), at=at
    )  # fmt: skip
    file = PaymentFile.objects.create(
        run=run, message_id=message_id, body=body.decode(), digest=_digest(body),
        total_cents=sum(transfer.cents for transfer in transfers), made_at=at, made_by=by,
    )  # fmt: skip
    Payment.objects.bulk_create(
        Payment(file=file, payslip=slip, end_to_end_id=transfer.end_to_end_id, cents=transfer.cents)
        for slip, transfer in zip(due, transfers, strict=True)
    )
    record("payment_file.made", file, by_id=by.pk, at=at, payments=len(due), total_cents=file.total_cents)
    return file


def _transfers(run: PayRun, due: list[Payslip], number: int) -> list[pain001.Transfer]:
    """Return a transfer for each payslip. A retry has an end-to-end id of its own (rule C11)."""
    files = {row.worker_id: row for row in WorkerFile.objects.filter(worker__in=[s.worker_id for s in due])}
    wrong = [
        slip.worker.ref for slip in due if not iban.is_valid(files[slip.worker_id].iban, check_country=False)
    ]
    if wrong:
        raise WrongIban(
            _("Het rekeningnummer klopt niet van: %(refs)s. Verbeter het eerst.")
            % {"refs": ", ".join(wrong[:6])}
        )
    return [
        pain001.Transfer(
            end_to_end_id=f"W{run.month:%Y%m}-{slip.worker.ref}-{number}".upper(),
            name=files[slip.worker_id].account_name, iban=iban.compact(files[slip.worker_id].iban),
            cents=slip.net_cents or 0, words=f"Loon {run.month:%m-%Y}",
        )
        for slip in due
    ]  # fmt: skip


def _payer() -> pain001.Payer:
    organisation = Organisation.objects.filter(pk=1).first()
    if organisation is None or not iban.is_valid(organisation.iban, check_country=False):
        raise WrongIban(_("Het rekeningnummer van de organisatie ontbreekt of klopt niet."))
    return pain001.Payer(organisation.name, iban.compact(organisation.iban), organisation.bic)


@transaction.atomic(durable=True)
def approve(file_id: int, *, by: User, at: datetime) -> PaymentFile:
    """Approve a file, as the treasurer.

    :raises SecondPersonNeeded: the maker cannot.
    :raises NotApproved: it was approved before.
    """
    file = PaymentFile.objects.select_for_update(no_key=True).get(pk=file_id)
    if file.made_by_id == by.pk:
        raise SecondPersonNeeded(_("Iemand anders moet dit bestand goedkeuren."))
    _check_draft(file)
    file.state, file.approved_at, file.approved_by = PaymentFile.State.APPROVED, at, by
    file.save(update_fields=["state", "approved_at", "approved_by"])
    record("payment_file.approved", file, by_id=by.pk, at=at)
    return file


@transaction.atomic(durable=True)
def withdraw(file_id: int, *, by: User, at: datetime) -> PaymentFile:
    """Take back a file that nobody approved; its wages wait for another file.

    :raises NotApproved: it was approved or withdrawn before.
    """
    file = PaymentFile.objects.select_for_update(no_key=True).get(pk=file_id)
    _check_draft(file)
    file.payments.update(state=Payment.State.REJECTED, reason=_("ingetrokken"))
    file.state = PaymentFile.State.DROPPED
    file.save(update_fields=["state"])
    record("payment_file.withdrawn", file, by_id=by.pk, at=at)
    return file


def _check_draft(file: PaymentFile) -> None:
    if file.state == PaymentFile.State.DROPPED:
        raise NotApproved(_("Dit bestand is ingetrokken."))
    if file.state != PaymentFile.State.DRAFT:
        raise NotApproved(_("Dit bestand is al goedgekeurd."))


def send(file_id: int, *, at: datetime) -> PaymentFile:
    """Give an approved file to the bank. The bank takes a message id once, so sending again does no harm.

    :raises NotApproved: it is not approved.
    :raises Changed: its bytes are not those that were made.
    :raises BankDown: the bank did not take it.
    """
    file = PaymentFile.objects.get(pk=file_id)
    if file.state in {PaymentFile.State.DRAFT, PaymentFile.State.DROPPED}:
        raise NotApproved(_("Dit bestand is nog niet goedgekeurd."))
    if file.state == PaymentFile.State.APPROVED:
        if _digest(file.body.encode()) != file.digest:
            raise Changed(_("Dit bestand is na het maken veranderd. Het gaat niet naar de bank."))
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

    :raises NotApproved: the bank never had it.
    :raises BankDown: the bank did not answer.
    """
    file = PaymentFile.objects.get(pk=file_id)
    _check_with_bank(file)
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

    A later answer may refuse what an earlier one accepted, until the bank line is there.

    :raises NotApproved: the bank never had it.
    :raises pain002.NotAReport: it cannot be read, or is about another file.
    """
    file = PaymentFile.objects.select_for_update(no_key=True).get(pk=file_id)
    _check_with_bank(file)
    report = pain002.read(body)
    if report.message_id != file.message_id:
        raise pain002.NotAReport(_("Dit antwoord hoort bij een ander bestand."))
    open_payments = file.payments.filter(state__in=[Payment.State.WAITING, Payment.State.ACCEPTED])
    for payment in open_payments.select_for_update(no_key=True).order_by("pk"):
        status, reason = report.of(payment.end_to_end_id)
        if status != "unknown":
            accepted = status == "accepted"
            payment.state = Payment.State.ACCEPTED if accepted else Payment.State.REJECTED
            payment.reason = reason[:80]
            payment.save(update_fields=["state", "reason"])
    file.state = PaymentFile.State.ANSWERED
    file.save(update_fields=["state"])
    refused = file.payments.filter(state=Payment.State.REJECTED).count()
    record("payment_file.answered", file, by_id=None, at=at, refused=refused)
    return file


def _check_with_bank(file: PaymentFile) -> None:
    if file.state not in {PaymentFile.State.SENT, PaymentFile.State.ANSWERED}:
        raise NotApproved(_("Dit bestand is nog niet bij de bank."))


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def _due(run: PayRun) -> list[Payslip]:
    live = Payment.objects.exclude(state=Payment.State.REJECTED).values("payslip")
    rows = run.payslips.filter(net_cents__gt=0).exclude(pk__in=live).select_related("worker")
    return list(rows.order_by("worker__ref"))
