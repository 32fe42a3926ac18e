"""What people hear: each thing once, in their language, the way they chose; what fails is tried again and seen."""

from datetime import timedelta

import pytest
from django.core import mail

from cheques import debtors
from config import settings as ours
from events.models import Event
from notifications import letters, posting, telling, wording
from notifications.models import Channel, Message
from payroll import worker_files
from payroll.models import AccountAsked
from quality import complaints, disputes
from scheduling import confirming
from tests import build, build_books, build_pay, build_work
from tests.build import NOON

pytestmark = pytest.mark.django_db


def told(kind: str, *, most: int = 1) -> list[Message]:
    """Tell the latest events of a kind, as the relay would."""
    events = Event.objects.filter(kind=kind).order_by("-pk")[:most]
    return [message for event in reversed(list(events)) for message in telling.tell(event.pk, at=event.at)]


def test_every_kind_that_is_told_is_on_its_way_to_the_task():
    assert {kind for kind, tasks in ours.EVENT_TASKS.items() if "notifications.tasks.tell" in tasks} == set(
        wording.NOTES
    )


class TestOnce:
    def test_a_task_that_runs_twice_sends_one_mail(self):
        build.booking()
        told("booking.placed")
        told("booking.placed")

        assert len(mail.outbox) == Message.objects.count() == 1
        assert "Schoonmaken in huis" in mail.outbox[0].subject
        assert "maandag 9 november om 10.00 uur" in mail.outbox[0].body

    def test_a_crew_of_two_asks_the_customer_once(self):
        build_work.worked_visit(crew=2)
        messages = told("assignment.worked", most=2)

        assert {message.key.rpartition(":")[0] for message in messages} == {
            messages[0].key.rpartition(":")[0]
        }
        assert len(mail.outbox) == 1
        assert mail.outbox[0].subject.startswith("Klopt het? 6 uur")

    def test_each_mail_has_an_identity_of_its_own(self):
        build.booking()
        build.booking()
        told("booking.placed", most=2)
        assert len({one.extra_headers["Message-ID"] for one in mail.outbox}) == 2


class TestLanguage:
    def test_is_that_of_the_person(self):
        booking = build.booking()
        user = build.owner_of(booking.customer)
        user.language = "en"
        user.save()
        told("booking.placed")
        assert mail.outbox[0].subject == "Your request: Cleaning at home"


class TestKinds:
    def test_a_plan_tells_each_customer_who_comes_and_each_worker_where_to_go(self):
        visit = build_work.published_visit(crew=2)
        told("plan.published")

        to = {one.to[0]: one for one in mail.outbox}
        customer = build.owner_of(visit.booking.customer)
        assert "Samira B." in to[customer.email].body
        for row in visit.assignments.all():
            assert to[row.worker.user.email].subject == "Uw werk"
        assert len(mail.outbox) == 3

    def test_an_offer_asks_for_an_answer(self):
        build_work.worker()
        build.booking(starts=[NOON + timedelta(days=3)])
        plan = build_work.plan(monday=build_work.MONDAY - timedelta(days=7))
        from scheduling import publishing

        publishing.publish(plan.pk, by=build.user(), at=NOON)
        told("plan.published")
        assert [one.subject for one in mail.outbox if "Werk" in one.subject] == ["Werk: zegt u ja?"]

    def test_silence_is_told_and_a_confirmation_is_not(self):
        said, silent = build_work.worked_visit(), build_work.worked_visit()
        confirming.confirm(said.pk, by=build.user(), at=said.end_at)
        told("visit.confirmed")
        assert mail.outbox == []

        confirming.confirm_by_silence(silent.pk, at=confirming.silent_from(silent))
        told("visit.confirmed")
        assert mail.outbox[0].subject.startswith("Akkoord: 3 uur")

    def test_payslips_orders_and_decisions(self):
        month = build_books.month()
        assert len(told("pay_run.netted")) == 2
        assert told("order.paid")[0].user == month.order.placed_by

        visit = build_work.worked_visit()
        dispute = disputes.open_dispute(visit.pk, what="times", words="", by=build.user(), at=visit.end_at)
        disputes.propose(
            dispute.pk, minutes=60, grounds="Eén uur was goed.", by=build.user(), at=visit.end_at
        )
        disputes.decide(dispute.pk, by=build.user("Iemand anders"), at=visit.end_at)
        assert "U betaalt 1 uur. Eén uur was goed." in told("dispute.decided")[0].text

    def test_an_answer_goes_to_who_complained_and_to_nobody_when_we_do_not_know_them(self):
        customer = build.customer()
        for known in (customer.pk, None):
            row = complaints.open_complaint(
                neighbourhood_id=customer.neighbourhood_id, customer_id=known, words="De bel.", by=build.user(), at=NOON
            )  # fmt: skip
            complaints.answer(row.pk, words="De bel is gemaakt.", by=build.user(), at=NOON)
        (message,) = told("complaint.answered", most=2)
        assert message.user == build.owner_of(customer)
        assert "Ons antwoord: De bel is gemaakt." in message.text

    def test_a_changed_account_is_told_to_its_owner_and_the_first_is_not(self):
        worker, by = build_work.worker(), build.member("payroll")
        facts = {"birth_on": NOON.date().replace(year=1985), "bsn": build_pay.bsn(7), "account_name": "S. B."}
        worker_files.keep(worker.pk, iban=build_pay.iban(7), by=by, at=NOON, **facts)
        assert told("worker_file.kept") == []

        worker_files.keep(worker.pk, iban=build_pay.iban(8), by=by, at=NOON, **facts)
        asked = AccountAsked.objects.get()
        worker_files.agree_account(asked.pk, by=build.member("treasurer"), at=NOON)
        (message,) = told("worker_file.kept")
        assert message.user == worker.user
        assert build_pay.iban(8) not in message.text


class TestChannel:
    def test_a_letter_waits_for_the_desk_and_is_printed_once(self):
        booking = build.booking()
        user = build.owner_of(booking.customer)
        telling.prefer(by=user, channel="letter")
        (message,) = told("booking.placed")

        assert (message.channel, mail.outbox, list(posting.waiting_letters())) == (
            Channel.LETTER,
            [],
            [message],
        )
        assert posting.printed(message.pk, by=build.user(), at=NOON)
        assert not posting.printed(message.pk, by=build.user(), at=NOON)
        assert list(posting.waiting_letters()) == []

    def test_a_text_goes_by_mail_where_no_texts_can_be_sent(self, settings):
        settings.INBOX_URL = ""
        booking = build.booking()
        telling.prefer(by=build.owner_of(booking.customer), channel="sms")
        told("booking.placed")
        assert len(mail.outbox) == 1

    def test_a_text_reaches_the_inbox_of_the_sandbox(self, settings, starts):
        inbox = starts("inbox")
        settings.INBOX_URL = inbox.url
        booking = build.booking()
        user = build.owner_of(booking.customer)
        user.phone = "0612345678"
        user.save()
        telling.prefer(by=user, channel="sms")
        told("booking.placed")
        (found,) = inbox.get("/messages.json")["messages"]
        assert (found["kind"], found["recipient"]) == ("sms", "0612345678")


class TestFailure:
    def test_is_seen_tried_again_and_keeps_nobody_else_back(self, monkeypatch):
        build_work.published_visit(crew=2)
        send, tries = posting._mail, []

        def broken_once(message: Message) -> None:
            tries.append(message.pk)
            if len(tries) == 1:
                raise ConnectionRefusedError("the mail server is away")
            send(message)

        monkeypatch.setattr(posting, "_mail", broken_once)
        with pytest.raises(posting.NotSent):
            told("plan.published")

        assert len(mail.outbox) == 2
        (failed,) = posting.not_sent()
        assert "away" in failed.error
        told("plan.published")
        assert len(mail.outbox) == 3
        assert not posting.not_sent().exists()
        assert Message.objects.get(pk=failed.pk).tries == 2


class TestReminder:
    @pytest.fixture
    def firm(self):
        firm = build.firm()
        build.colleague(firm, "booker")
        build.bought(firm, hours=40)
        return firm

    def test_goes_to_who_pays_with_what_is_open_and_how(self, firm):
        sent = debtors.remind_due(at=NOON + timedelta(days=60))
        told("invoice.reminded")
        told("invoice.reminded")

        (one,) = mail.outbox
        row = sent[0].invoice
        assert one.to == [build.owner_of(firm).email]
        assert row.full_number in one.subject
        assert "400,00 euro" in one.body
        assert row.reference in one.body

    def test_waits_as_a_letter_for_who_wants_paper(self, firm):
        telling.prefer(by=build.owner_of(firm), channel=Channel.LETTER)
        debtors.remind_due(at=NOON + timedelta(days=60))
        told("invoice.reminded")

        assert mail.outbox == []
        (letter,) = letters.waiting([firm.neighbourhood_id])
        assert "Factuur" in letter.message.text
