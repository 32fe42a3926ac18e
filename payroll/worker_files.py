"""What payroll must know of a worker: birth day, BSN, account. Checked before it is kept, never shown outside payroll."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _
from stdnum import iban as account
from stdnum.nl import bsn as person

from events.recording import record
from events.sealing import keyed_hash
from identity.models import User
from kernel.errors import Refused
from kernel.periods import local_day
from payroll.models import AccountAsked, WorkerFile
from payroll.payslip import age_on
from workers_pool.models import Worker

YOUNGEST, OLDEST = 15, 100


class WrongIban(Refused):
    """The account number does not pass its check."""


class WrongBsn(Refused):
    """The BSN does not pass its check, or belongs to somebody else here."""


class WrongBirthday(Refused):
    """Nobody born on that day can work here."""


class NameMissing(Refused):
    """The bank needs a name with the account."""


class SecondPersonNeeded(Refused):
    """Who asked for another account cannot agree to it."""


class AlreadyAnswered(Refused):
    """The question was answered before."""


class AlreadyAsked(Refused):
    """Another account waits for an answer; that comes first."""


@dataclass(frozen=True)
class Numbers:
    """What is shown only on request, and each time recorded."""

    bsn: str
    iban: str


@transaction.atomic(durable=True)
def keep(
    worker_id: int, *, birth_on: date, bsn: str, iban: str, account_name: str, by: User, at: datetime
) -> WorkerFile:
    """Write the payroll file of a worker, or write it anew. What changed is recorded, not what it was.

    Another account than the one that is known waits for a second person, and the worker is told of it.

    :param bsn: may be empty when it is known, and so may the account: it stays as it is.
    :raises WrongIban: a digit of the account number is wrong.
    :raises WrongBsn: it fails the eleven-test, or another worker has it.
    :raises WrongBirthday: the worker would be too young or too old to work.
    :raises NameMissing: the account has no name.
    :raises AlreadyAsked: another account waits already.
    """
    worker = Worker.objects.select_for_update(no_key=True).get(pk=worker_id)
    before = WorkerFile.objects.filter(worker=worker).first()
    facts = {
        "birth_on": _born(birth_on, local_day(at)), "bsn": _number(bsn or (before.bsn if before else ""), worker),
        "iban": _account(iban or (before.iban if before else "")), "account_name": _name(account_name),
    }  # fmt: skip
    if before is not None and facts["iban"] != before.iban:
        _ask_account(worker, str(facts["iban"]), str(facts["account_name"]), by, at)
        facts |= {"iban": before.iban, "account_name": before.account_name}
    changed = sorted(key for key, fact in facts.items() if before is None or getattr(before, key) != fact)
    file, _new = WorkerFile.objects.update_or_create(
        worker=worker, defaults={**facts, "bsn_hash": keyed_hash(str(facts["bsn"]))}
    )
    if changed:
        record("worker_file.kept", file, by_id=by.pk, at=at, changed=changed)
    return file


def _ask_account(worker: Worker, iban: str, account_name: str, by: User, at: datetime) -> None:
    if AccountAsked.objects.filter(worker=worker, answered_at=None).exists():
        raise AlreadyAsked(_("Er wacht al een ander rekeningnummer op een tweede persoon."))
    asked = AccountAsked.objects.create(
        worker=worker, iban=iban, account_name=account_name, asked_by=by, asked_at=at
    )
    record("worker_file.account_asked", asked, by_id=by.pk, at=at)


@transaction.atomic(durable=True)
def agree_account(asked_id: int, *, by: User, at: datetime) -> WorkerFile:
    """Agree to another account, as the second person: wages go there from the next payment file on.

    :raises SecondPersonNeeded: who asked.
    :raises AlreadyAnswered: it was answered before.
    """
    asked = _open(asked_id)
    if asked.asked_by_id == by.pk:
        raise SecondPersonNeeded(_("Iemand anders moet akkoord gaan met het nieuwe rekeningnummer."))
    _answer(asked, by, at, agreed=True)
    file = WorkerFile.objects.select_for_update(no_key=True).get(worker=asked.worker_id)
    file.iban, file.account_name = asked.iban, asked.account_name
    file.save(update_fields=["iban", "account_name"])
    record("worker_file.kept", file, by_id=by.pk, at=at, changed=["account_name", "iban"])
    return file


@transaction.atomic(durable=True)
def decline_account(asked_id: int, *, by: User, at: datetime) -> AccountAsked:
    """Leave the account as it is.

    :raises AlreadyAnswered: it was answered before.
    """
    asked = _open(asked_id)
    _answer(asked, by, at, agreed=False)
    record("worker_file.account_declined", asked, by_id=by.pk, at=at)
    return asked


@transaction.atomic(durable=True)
def read(worker_id: int, *, by: User, at: datetime) -> Numbers:
    """Return the BSN and the account number of a worker; that somebody read them is recorded."""
    file = WorkerFile.objects.get(worker_id=worker_id)
    record("worker_file.read", file, by_id=by.pk, at=at)
    return Numbers(file.bsn, file.iban)


def _open(asked_id: int) -> AccountAsked:
    asked = AccountAsked.objects.select_for_update(no_key=True).get(pk=asked_id)
    if asked.answered_at is not None:
        raise AlreadyAnswered(_("Deze vraag is al beantwoord."))
    return asked


def _answer(asked: AccountAsked, by: User, at: datetime, *, agreed: bool) -> None:
    asked.answered_by, asked.answered_at, asked.agreed = by, at, agreed
    asked.save(update_fields=["answered_by", "answered_at", "agreed"])


def _born(birth_on: date, today: date) -> date:
    if not YOUNGEST <= age_on(birth_on, today) <= OLDEST:
        raise WrongBirthday(_("Kijk de geboortedatum na: iemand van die leeftijd kan hier niet werken."))
    return birth_on


def _number(bsn: str, worker: Worker) -> str:
    if not person.is_valid(bsn):
        raise WrongBsn(_("Dit BSN klopt niet. Kijk de cijfers na."))
    number = str(person.compact(bsn))
    if WorkerFile.objects.exclude(worker=worker).filter(bsn_hash=keyed_hash(number)).exists():
        raise WrongBsn(_("Dit BSN hoort al bij een andere medewerker."))
    return number


def _account(iban: str) -> str:
    if not account.is_valid(iban, check_country=False):
        raise WrongIban(_("Dit rekeningnummer (IBAN) klopt niet. Kijk de letters en cijfers na."))
    return str(account.compact(iban))


def _name(account_name: str) -> str:
    name = " ".join(account_name.split())
    if not name:
        raise NameMissing(_("Vul de naam in die bij de rekening hoort."))
    return name[:70]
