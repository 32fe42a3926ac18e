"""What payroll keeps of a worker is checked first, and never told."""

from datetime import date

import pytest
from django.core import mail
from django.db import IntegrityError, connection

from events.models import Delivery, Event
from notifications import account_changes
from payroll import worker_files
from payroll.models import AccountAsked, WorkerFile
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
    keep(made.worker, birth_on=date(1985, 5, 6))

    first, second = Event.objects.filter(kind="worker_file.kept").order_by("pk")
    assert second.payload == {"changed": ["birth_on"]}
    assert first.payload["changed"] == ["account_name", "birth_on", "bsn", "iban"]


def test_a_number_that_is_left_empty_stays_as_it_is():
    made = keep()
    again = keep(made.worker, bsn="", iban="")
    assert (again.bsn, again.iban) == (made.bsn, made.iban)


def test_a_reading_is_recorded_with_who_read():
    made, reader = keep(), build.user()
    numbers = worker_files.read(made.worker_id, by=reader, at=NOON)
    assert numbers.bsn == build_pay.bsn(7)
    assert Event.objects.get(kind="worker_file.read").by_id == reader.pk


class TestAnotherAccount:
    """A wage goes to another account only when two people say so, and the worker knows."""

    @pytest.fixture
    def asked(self):
        made = keep()
        keep(made.worker, iban=build_pay.iban(9), account_name="S. de Dief")
        return AccountAsked.objects.get()

    def test_waits_and_changes_nothing_yet(self, asked):
        file = WorkerFile.objects.get()
        assert (file.iban, file.account_name) == ("NL91ABNA0417164300", "S. Bakker")

    def test_takes_a_second_person(self, asked):
        with pytest.raises(worker_files.SecondPersonNeeded):
            worker_files.agree_account(asked.pk, by=asked.asked_by, at=NOON)
        with (
            pytest.raises(IntegrityError, match="account_needs_a_second_person"),
            connection.cursor() as cursor,
        ):
            cursor.execute("UPDATE payroll_accountasked SET agreed = true, answered_by_id = asked_by_id")

    def test_counts_after_the_second_person_agreed_once(self, asked):
        worker_files.agree_account(asked.pk, by=build.user(), at=NOON)
        assert WorkerFile.objects.get().iban == build_pay.iban(9)
        with pytest.raises(worker_files.AlreadyAnswered):
            worker_files.decline_account(asked.pk, by=build.user(), at=NOON)

    def test_a_no_leaves_it_and_it_can_be_asked_again(self, asked):
        with pytest.raises(worker_files.AlreadyAsked):
            keep(asked.worker, iban=build_pay.iban(10))
        worker_files.decline_account(asked.pk, by=build.user(), at=NOON)
        assert WorkerFile.objects.get().iban == "NL91ABNA0417164300"
        keep(asked.worker, iban=build_pay.iban(10))

    def test_the_worker_is_told_once_before_it_happens(self, asked):
        event = Event.objects.get(kind="worker_file.account_asked")
        assert Delivery.objects.get(event=event).task == "notifications.tasks.tell_account"
        for _again in range(2):
            account_changes.tell(asked.pk, event_id=event.pk, at=NOON)
        assert [sent.to for sent in mail.outbox] == [[asked.worker.user.email]]
        assert build_pay.iban(9)[-3:] in mail.outbox[0].body
        assert build_pay.iban(9) not in mail.outbox[0].body
