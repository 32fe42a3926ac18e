"""What payroll keeps of a worker is checked first, and never told."""

from datetime import date

import pytest

from events.models import Event
from payroll import worker_files
from payroll.models import WorkerFile
from tests import build, build_pay, build_work
from tests.build import NOON

pytestmark = pytest.mark.django_db
FACTS = {
    "birth_on": date(1985, 5, 5),
    "bsn": build_pay.bsn(7),
    "iban": "NL91 ABNA 0417 1643 00",
    "account_name": " S.  Bakker ",
}


def keep(worker=None, **facts) -> WorkerFile:
    worker = worker or build_work.worker()
    return worker_files.keep(worker.pk, **{**FACTS, **facts}, by=build.user(), at=NOON)


def test_keeps_numbers_without_blanks():
    made = keep()
    assert (made.iban, made.account_name) == ("NL91ABNA0417164300", "S. Bakker")
    assert WorkerFile.objects.get(bsn_hash=made.bsn_hash).bsn == build_pay.bsn(7)


@pytest.mark.parametrize(("facts", "error", "says"), [
    ({"iban": "NL91ABNA0417164301"}, worker_files.WrongIban, "IBAN"), ({"iban": ""}, worker_files.WrongIban, "IBAN"),
    ({"iban": "NL00ABNA0417164300"}, worker_files.WrongIban, "IBAN"), ({"bsn": "123456789"}, worker_files.WrongBsn, "BSN"),
    ({"bsn": "12345"}, worker_files.WrongBsn, "BSN"), ({"birth_on": date(2020, 1, 1)}, worker_files.WrongBirthday, "geboortedatum"),
    ({"birth_on": date(1890, 1, 1)}, worker_files.WrongBirthday, "geboortedatum"), ({"account_name": "  "}, worker_files.NameMissing, "naam"),
])  # fmt: skip
def test_keeps_nothing_that_fails_its_check_and_repeats_no_number(facts, error, says):
    with pytest.raises(error, match=says) as refused:
        keep(**facts)
    assert not WorkerFile.objects.exists()
    assert not any(
        str(value) in str(refused.value) for key, value in facts.items() if key in {"iban", "bsn"} and value
    )


def test_a_bsn_is_of_one_person():
    keep()
    with pytest.raises(worker_files.WrongBsn, match="andere medewerker"):
        keep()


def test_records_what_changed_and_not_to_what():
    made = keep()
    keep(made.worker, iban=build_pay.iban(9))

    first, second = Event.objects.filter(kind="worker_file.kept").order_by("pk")
    assert second.payload == {"changed": ["iban"]}
    assert first.payload["changed"] == ["account_name", "birth_on", "bsn", "iban"]
    keep(made.worker, iban=build_pay.iban(9))
    assert Event.objects.filter(kind="worker_file.kept").count() == 2
