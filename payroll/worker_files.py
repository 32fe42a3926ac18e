"""What payroll must know of a worker: birth day, BSN, account. Checked before it is kept, never shown outside payroll."""

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
from payroll.models import WorkerFile
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


@transaction.atomic(durable=True)
def keep(
    worker_id: int, *, birth_on: date, bsn: str, iban: str, account_name: str, by: User, at: datetime
) -> WorkerFile:
    """Write the payroll file of a worker, or write it anew. What changed is recorded, not what it was.

    :raises WrongIban: a digit of the account number is wrong.
    :raises WrongBsn: it fails the eleven-test, or another worker has it.
    :raises WrongBirthday: the worker would be too young or too old to work.
    :raises NameMissing: the account has no name.
    """
    worker = Worker.objects.select_for_update(no_key=True).get(pk=worker_id)
    facts = {
        "birth_on": _born(birth_on, local_day(at)), "bsn": _number(bsn, worker), "iban": _account(iban),
        "account_name": _name(account_name),
    }  # fmt: skip
    before = WorkerFile.objects.filter(worker=worker).first()
    changed = sorted(key for key, fact in facts.items() if before is None or getattr(before, key) != fact)
    file, _new = WorkerFile.objects.update_or_create(
        worker=worker, defaults={**facts, "bsn_hash": keyed_hash(str(facts["bsn"]))}
    )
    if changed:
        record("worker_file.kept", file, by_id=by.pk, at=at, changed=changed)
    return file


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
