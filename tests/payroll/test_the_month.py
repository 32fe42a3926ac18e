"""A month's wages and subsidy, through the real bureau and the real bank of the sandbox."""

from datetime import UTC, date, datetime, timedelta

import pytest
import requests
from django.db import DatabaseError, connection, transaction

from bank import importing
from books.prove import invariants
from cheques import vat
from ledger.balances import balance
from ledger.models import Account
from payroll import bureau, pain002, pay_run, sepa, settlement, tasks
from payroll.models import PaidPiece, Payment, PaymentFile, PayRun, WageLine, WorkerFile
from scheduling import confirming
from subsidies import claims, remittances
from subsidies.models import Claim, ClaimLine, PieceShare
from tests import build, build_pay, build_work
from tests.build_pay import ORGANISATION

NOVEMBER, DECEMBER = date(2026, 11, 1), datetime(2026, 12, 2, 9, tzinfo=UTC)
PAYDAY = DECEMBER.date()

pytestmark = pytest.mark.django_db


def proved() -> None:
    assert [row for row in invariants() if not row.holds] == []


@pytest.fixture
def month():
    """Two workers did 3 hours and 187 minutes; confirmed; the week is closed; one has a subsidy."""
    build.organisation(iban=ORGANISATION, wage_tax_number="123456789L01")
    visit = build_work.worked_visit(crew=2, minutes=187)
    for row in visit.assignments.all():
        build_pay.worker_file(row.worker)
    build_pay.award(visit.assignments.first().worker)
    confirming.confirm(visit.pk, by=build.user(), at=visit.end_at)
    build_work.close_week(visit)
    return visit


@pytest.fixture
def payer():
    return build.member("payroll")


@pytest.fixture
def treasurer():
    return build.member("treasurer")


@pytest.fixture(scope="module")
def outside(starts, django_db_setup):
    """The bank and the bureau, as processes of their own."""
    account = f"{ORGANISATION};Werk aan de Wijk;5000000"
    return {"bank": starts("bank", "--account", account), "bureau": starts("bureau")}


@pytest.fixture
def connected(outside, settings):
    settings.BANK_URL, settings.BUREAU_URL = outside["bank"].url, outside["bureau"].url
    for running in outside.values():
        requests.delete(f"{running.url}/_sandbox/faults", timeout=10)
    return outside


class TestPayRun:
    def test_pays_every_accepted_minute_in_one_line(self, month, payer):
        run = pay_run.make(NOVEMBER, by=payer, at=DECEMBER)

        assert [(line.minutes, line.rate_cents, line.cents) for line in WageLine.objects.all()] == [
            (187, 1499, 4672)
        ] * 2
        assert {slip.gross_cents for slip in run.payslips.all()} == {4672}
        assert PaidPiece.objects.count() == 2

    def test_made_again_gives_the_same_lines(self, month, payer):
        pay_run.make(NOVEMBER, by=payer, at=DECEMBER)
        run = pay_run.make(NOVEMBER, by=payer, at=DECEMBER)
        assert run.lines.count() == 2

    def test_waits_for_weeks_that_are_not_closed(self, payer):
        visit = build_work.worked_visit()
        build_pay.worker_file(build_work.only(visit).worker)
        with pytest.raises(pay_run.HoursNotAccepted):
            pay_run.make(NOVEMBER, by=payer, at=DECEMBER)

    def test_names_a_worker_without_a_file(self, payer):
        visit = build_work.worked_visit()
        build_work.close_week(visit)
        with pytest.raises(pay_run.FileMissing, match=build_work.only(visit).worker.ref):
            pay_run.make(NOVEMBER, by=payer, at=DECEMBER)

    def test_is_refused_before_the_month_is_over(self, payer):
        with pytest.raises(pay_run.MonthNotOver):
            pay_run.make(NOVEMBER, by=payer, at=DECEMBER - timedelta(days=5))

    def test_once_fixed_stays(self, month, payer):
        run = pay_run.make(NOVEMBER, by=payer, at=DECEMBER)
        build_pay.fixed(run, at=DECEMBER)
        with pytest.raises(pay_run.NotADraft):
            pay_run.make(NOVEMBER, by=payer, at=DECEMBER)
        with pytest.raises(DatabaseError, match="is fixed"), transaction.atomic():
            WageLine.objects.update(cents=1)
        assert balance(Account.WAGES) == 2 * 4672
        proved()


class TestBureau:
    """Through both bureaus: the one of lines in cents, and the one of a journal in euros."""

    @pytest.fixture(autouse=True, params=["csv", "json"])
    def layout(self, request, settings):
        settings.BUREAU_LAYOUT = request.param

    def fixed(self, payer):
        run = pay_run.make(NOVEMBER, by=payer, at=DECEMBER)
        return build_pay.fixed(run, at=DECEMBER)

    def test_splits_gross_into_net_and_withheld(self, month, payer, connected):
        run = bureau.send(self.fixed(payer).pk, by=payer, at=DECEMBER)

        assert run.state == "netted"
        for slip in run.payslips.all():
            assert slip.net_cents + slip.withheld_cents == slip.gross_cents
        assert balance(Account.WAGES_DUE) == 0
        proved()

    @pytest.mark.parametrize(("fault", "says"), [
        ("lose_worker", "vergat"), ("double_worker", "twee keer"), ("off_by_a_cent", "kloppen"),
        ("change_gross", "veranderde het bruto.*46,72.*47,72"),
    ])  # fmt: skip
    def test_takes_nothing_of_an_answer_that_is_wrong(self, month, payer, connected, fault, says):
        run = self.fixed(payer)
        answer = requests.post(
            f"{connected['bureau'].url}/_sandbox/faults",
            json={fault: month.assignments.first().worker.ref}, timeout=10,
        )  # fmt: skip
        assert answer.ok, answer.text

        with pytest.raises(bureau.WrongAnswer, match=says) as refused:
            bureau.send(run.pk, by=payer, at=DECEMBER)
        assert month.assignments.first().worker.ref in str(refused.value)

        assert balance(Account.NET_DUE) == 0
        assert not run.payslips.filter(net_cents__isnull=False).exists()

    def test_sent_again_after_a_lost_answer_is_the_same_run_there(self, month, payer, connected, settings):
        run = self.fixed(payer)
        requests.post(
            f"{connected['bureau'].url}/_sandbox/faults", json={"lose_worker": "*"}, timeout=10
        ).raise_for_status()
        with pytest.raises(bureau.WrongAnswer):
            bureau.send(run.pk, by=payer, at=DECEMBER)
        requests.delete(f"{connected['bureau'].url}/_sandbox/faults", timeout=10)
        run.refresh_from_db()
        assert run.state == "sent"

        again = bureau.send(run.pk, by=payer, at=DECEMBER)

        assert (again.state, again.bureau_id) == ("netted", run.bureau_id)
        with pytest.raises(bureau.NotFixed):
            bureau.send(run.pk, by=payer, at=DECEMBER)

    def test_the_bureau_does_not_take_other_wages_for_the_same_run(self, month, payer, connected):
        run = self.fixed(payer)
        requests.post(
            f"{connected['bureau'].url}/_sandbox/faults", json={"lose_worker": "*"}, timeout=10
        ).raise_for_status()
        with pytest.raises(bureau.WrongAnswer):
            bureau.send(run.pk, by=payer, at=DECEMBER)
        requests.delete(f"{connected['bureau'].url}/_sandbox/faults", timeout=10)
        WorkerFile.objects.update(birth_on=date(1990, 1, 1))

        with pytest.raises(bureau.WrongAnswer, match="other contents"):
            bureau.send(run.pk, by=payer, at=DECEMBER)

    @pytest.mark.parametrize("url", ["http://127.0.0.1:9", ""])
    def test_waits_for_a_bureau_that_is_away(self, month, payer, settings, url):
        settings.BUREAU_URL = url
        run = self.fixed(payer)
        with pytest.raises(bureau.BureauDown):
            bureau.send(run.pk, by=payer, at=DECEMBER)
        assert PayRun.objects.get().state == "fixed"


class TestPayment:
    @pytest.fixture
    def netted(self, month, payer, connected):
        run = pay_run.make(NOVEMBER, by=payer, at=DECEMBER)
        build_pay.fixed(run, at=DECEMBER)
        return bureau.send(run.pk, by=payer, at=DECEMBER)

    def statement(self, connected):
        answer = requests.get(
            f"{connected['bank'].url}/ebics/camt053",
            params={"iban": ORGANISATION, "date": PAYDAY.isoformat(), "preview": "1"}, timeout=10,
        )  # fmt: skip
        assert answer.status_code == 200, answer.text
        return answer.content

    def test_needs_a_second_person(self, netted, payer, treasurer):
        file = sepa.make_file(netted.pk, by=payer, at=DECEMBER)
        with pytest.raises(sepa.NotApproved):
            sepa.send(file.pk, at=DECEMBER)
        with pytest.raises(sepa.SecondPersonNeeded):
            sepa.approve(file.pk, by=payer, at=DECEMBER)
        with pytest.raises(DatabaseError, match="file_needs_a_second_person"), transaction.atomic():
            PaymentFile.objects.update(approved_by=payer)

    def test_i11_a_wage_is_in_one_live_payment(self, netted, payer):
        file = sepa.make_file(netted.pk, by=payer, at=DECEMBER)
        with pytest.raises(sepa.NothingToPay):
            sepa.make_file(netted.pk, by=payer, at=DECEMBER)
        payment = file.payments.first()
        with pytest.raises(DatabaseError, match="one_live_payment"), transaction.atomic():
            Payment.objects.create(
                file=file, payslip=payment.payslip, end_to_end_id="AGAIN", cents=payment.cents
            )

    def test_without_net_there_is_no_payment(self, month, payer):
        run = pay_run.make(NOVEMBER, by=payer, at=DECEMBER)
        build_pay.fixed(run, at=DECEMBER)
        with pytest.raises(sepa.NothingToPay):
            sepa.make_file(run.pk, by=payer, at=DECEMBER)

    def test_t33_what_the_bank_refused_is_paid_again_once(self, netted, payer, treasurer, connected):
        refused = netted.payslips.order_by("worker__ref").first()
        file = sepa.make_file(netted.pk, by=payer, at=DECEMBER)
        ids = {payment.payslip_id: payment.end_to_end_id for payment in file.payments.all()}
        answer = requests.post(
            f"{connected['bank'].url}/_sandbox/faults",
            json={"reject": {"end_to_end_ids": [ids[refused.pk]]}},
            timeout=10,
        )
        assert answer.ok, answer.text
        sepa.approve(file.pk, by=treasurer, at=DECEMBER)
        sepa.send(file.pk, at=DECEMBER)
        assert sepa.fetch_answer(file.pk, at=DECEMBER)
        assert Payment.objects.get(payslip=refused).state == "rejected"

        again = sepa.make_file(netted.pk, by=payer, at=DECEMBER)

        assert [payment.payslip_id for payment in again.payments.all()] == [refused.pk]
        assert again.payments.get().end_to_end_id != ids[refused.pk]
        requests.delete(f"{connected['bank'].url}/_sandbox/faults", timeout=10)
        sepa.approve(again.pk, by=treasurer, at=DECEMBER)
        sepa.send(again.pk, at=DECEMBER)
        sepa.fetch_answer(again.pk, at=DECEMBER)
        requests.post(
            f"{connected['bank'].url}/_sandbox/debit", timeout=10,
            json={
                "iban": ORGANISATION, "amount_cents": -balance(Account.TAX_DUE), "name": "Belastingdienst",
                "counterparty_iban": build_pay.iban(2), "remittance": "123456789L01 november", "date": PAYDAY.isoformat(),
            },
        ).raise_for_status()  # fmt: skip

        importing.import_file(self.statement(connected), own_iban=ORGANISATION, by_id=payer.pk, at=DECEMBER)
        settlement.match_open_lines(at=DECEMBER)

        assert balance(Account.NET_DUE) == 0
        assert balance(Account.TAX_DUE) == 0
        netted.refresh_from_db()
        assert netted.state == "paid"
        proved()
        with pytest.raises(importing.AlreadyImported):
            importing.import_file(
                self.statement(connected), own_iban=ORGANISATION, by_id=payer.pk, at=DECEMBER
            )

    def test_the_beat_asks_until_the_bank_said_so_of_every_payment(self, netted, payer, treasurer, connected):
        file = sepa.make_file(netted.pk, by=payer, at=DECEMBER)
        tasks.fetch_answers()  # the bank has nothing yet
        sepa.approve(file.pk, by=treasurer, at=DECEMBER)
        sepa.send(file.pk, at=DECEMBER)
        assert set(file.payments.values_list("state", flat=True)) == {"waiting"}

        tasks.fetch_answers()

        assert set(file.payments.values_list("state", flat=True)) == {"accepted"}
        assert PaymentFile.objects.get().state == "answered"

    def test_what_another_bank_sends_back_is_owed_again(self, netted, payer, treasurer, connected):
        file = sepa.make_file(netted.pk, by=payer, at=DECEMBER)
        back = file.payments.order_by("pk").first()
        switch = {"return": {"end_to_end_ids": [back.end_to_end_id]}}
        requests.post(f"{connected['bank'].url}/_sandbox/faults", json=switch, timeout=10).raise_for_status()
        sepa.approve(file.pk, by=treasurer, at=DECEMBER)
        sepa.send(file.pk, at=DECEMBER)
        answer = requests.get(
            f"{connected['bank'].url}/ebics/camt053", timeout=10,
            params={"iban": ORGANISATION, "from": "2026-12-02", "to": "2026-12-03", "preview": "1"},
        )  # fmt: skip
        importing.import_file(answer.content, own_iban=ORGANISATION, by_id=payer.pk, at=DECEMBER)

        settlement.match_open_lines(at=DECEMBER)

        back.refresh_from_db()
        assert back.state == "rejected"
        assert balance(Account.NET_DUE) == -back.cents
        proved()

    def test_refuses_an_answer_about_another_file(self, netted, payer, treasurer):
        file = sepa.make_file(netted.pk, by=payer, at=DECEMBER)
        other = b"<a><b><OrgnlGrpInfAndSts><OrgnlMsgId>OTHER</OrgnlMsgId></OrgnlGrpInfAndSts></b></a>"
        with pytest.raises(sepa.NotApproved):
            sepa.read_answer(file.pk, other, at=DECEMBER)
        sepa.approve(file.pk, by=treasurer, at=DECEMBER)
        sepa.send(file.pk, at=DECEMBER)
        with pytest.raises(pain002.NotAReport, match="ander bestand"):
            sepa.read_answer(file.pk, other, at=DECEMBER)


class TestClaim:
    @pytest.fixture
    def fixed(self, month, payer):
        run = pay_run.make(NOVEMBER, by=payer, at=DECEMBER)
        return build_pay.fixed(run, at=DECEMBER)

    def test_t06_claims_the_award_of_the_month(self, fixed, payer):
        claim = claims.make(build.municipality().pk, month=NOVEMBER, by=payer, at=DECEMBER)

        line = claim.lines.get()
        assert (line.subsidy_cents, line.compensation_cents) == (991_18, 232_93)
        assert sum(PieceShare.objects.values_list("cents", flat=True)) == 1_224_11
        proved()

    def test_waits_for_fixed_wages(self, month, payer):
        with pytest.raises(claims.WagesNotFixed):
            claims.make(build.municipality().pk, month=NOVEMBER, by=payer, at=DECEMBER)

    def test_claims_nothing_twice(self, fixed, payer):
        claim = claims.make(build.municipality().pk, month=NOVEMBER, by=payer, at=DECEMBER)
        with pytest.raises(claims.NothingToClaim):
            claims.make(build.municipality().pk, month=NOVEMBER, by=payer, at=DECEMBER)
        line = claim.lines.get()
        with pytest.raises(DatabaseError, match="claimed_once"), transaction.atomic():
            ClaimLine.objects.create(
                claim=claim, award=line.award, month=line.month, from_on=line.from_on, until_on=line.until_on,
                subsidy_cents=1, compensation_cents=0, rule="",
            )  # fmt: skip

    def test_a_refused_line_is_claimed_again_alone(self, fixed, payer):
        claim = claims.make(build.municipality().pk, month=NOVEMBER, by=payer, at=DECEMBER)
        claims.send(claim.pk, by=payer, at=DECEMBER)
        claims.refuse_line(claim.lines.get().pk, reason="loonstrook ontbreekt", by=payer, at=DECEMBER)
        assert balance(Account.SUBSIDIES_DUE) == 0

        again = claims.make(build.municipality().pk, month=NOVEMBER, by=payer, at=DECEMBER)

        assert (again.number, again.lines.count()) == (2, 1)
        proved()

    def test_the_pack_keeps_its_bytes_and_names_nobody(self, fixed, payer, month):
        claim = claims.make(build.municipality().pk, month=NOVEMBER, by=payer, at=DECEMBER)
        assert claims.pack(claim.pk) == claims.pack(claim.pk)
        assert month.assignments.first().worker.user.name.encode() not in claims.pack(claim.pk)

    def test_is_settled_by_the_bank_line_that_names_it(self, fixed, payer, connected):
        claim = claims.make(build.municipality().pk, month=NOVEMBER, by=payer, at=DECEMBER)
        claims.send(claim.pk, by=payer, at=DECEMBER)
        day = "2026-12-20"
        requests.post(
            f"{connected['bank'].url}/_sandbox/credit", timeout=10,
            json={
                "iban": ORGANISATION, "amount_cents": claims.total_cents(claim), "name": "Gemeente Breda",
                "counterparty_iban": build_pay.iban(3), "remittance": f"LKS {claim.ref}", "date": day,
            },
        ).raise_for_status()  # fmt: skip
        body = requests.get(
            f"{connected['bank'].url}/ebics/camt053",
            params={"iban": ORGANISATION, "date": day, "preview": "1"},
            timeout=10,
        ).content
        importing.import_file(body, own_iban=ORGANISATION, by_id=payer.pk, at=DECEMBER)

        assert remittances.match_open_lines(at=DECEMBER) == 1

        assert Claim.objects.get(pk=claim.pk).state == "settled"
        assert balance(Account.SUBSIDIES_DUE) == 0
        vat.close_month(NOVEMBER, at=DECEMBER)
        proved()


class TestPrivacy:
    def test_numbers_are_sealed_in_the_table(self, month):
        with connection.cursor() as cursor:
            cursor.execute("SELECT bsn, iban FROM payroll_workerfile LIMIT 1")
            for sealed in cursor.fetchone():
                assert sealed.startswith("gAAAA")
