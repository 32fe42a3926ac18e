"""From net wages to bank lines: what was refused, booked as one sum, or sent back is paid once."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from bank import importing, queue
from books.prove import invariants
from ledger.balances import balance
from ledger.models import Account
from payroll import sepa, settlement
from payroll.models import Payment, PaymentFile, PayRun, Payslip, WorkerFile
from tests import build, build_pay
from tests.bank.statement import details, entry, file, statement
from tests.build_pay import ORGANISATION

AT = datetime(2026, 12, 2, 9, tzinfo=UTC)
T33 = (1_204_10, 987_65, 1_010_25)
pytestmark = pytest.mark.django_db


@pytest.fixture
def run():
    build.organisation(iban=ORGANISATION, wage_tax_number="123456789L01")
    return build_pay.netted_run(*T33)


@pytest.fixture
def maker():
    return build.member("payroll")


@pytest.fixture
def sent(run, maker):
    """A file that the bank has."""
    return at_the_bank(sepa.make_file(run.pk, by=maker, at=AT))


def at_the_bank(made: PaymentFile) -> PaymentFile:
    sepa.approve(made.pk, by=build.member("treasurer"), at=AT)
    PaymentFile.objects.filter(pk=made.pk).update(state=PaymentFile.State.SENT)
    return PaymentFile.objects.get(pk=made.pk)


def of(cents: int, made: PaymentFile) -> Payment:
    return made.payments.get(cents=cents)


def answer(made: PaymentFile, **statuses: str) -> None:
    rows = "".join(
        f"<TxInfAndSts><OrgnlEndToEndId>{name.replace('_', '-')}</OrgnlEndToEndId><TxSts>{status}</TxSts>"
        f"<StsRsnInf><Rsn><Cd>AC01</Cd></Rsn></StsRsnInf></TxInfAndSts>"
        for name, status in statuses.items()
    )
    sepa.read_answer(made.pk, f"""<D><R><OrgnlGrpInfAndSts><OrgnlMsgId>{made.message_id}</OrgnlMsgId>
        <GrpSts>PART</GrpSts></OrgnlGrpInfAndSts><OrgnlPmtInfAndSts>{rows}</OrgnlPmtInfAndSts></R></D>""".encode(), at=AT)  # fmt: skip


def refuse(payment: Payment) -> None:
    answer(payment.file, **{payment.end_to_end_id.replace("-", "_"): "RJCT"})


def booked(*entries: str, moved: int, name: str = "S1", opening: int = 5_000_00) -> int:
    body = file(statement(*entries, opening=opening, closing=opening + moved, name=name, iban=ORGANISATION))
    importing.import_file(body, own_iban=ORGANISATION, by_id=None, at=AT)
    return settlement.match_open_lines(at=AT)


def parts(*payments: Payment) -> str:
    return "".join(details(-payment.cents, end_to_end=payment.end_to_end_id) for payment in payments)


def in_one_sum(made: PaymentFile, cents: int) -> str:
    return entry(-cents, ref="B1", details=f"<Btch><MsgId>{made.message_id}</MsgId></Btch>")


def proved() -> None:
    """The promises about money; the wages of these runs were told, not worked."""
    about = {"bank", "statements", "wages", "net_due", "wages_due", "net", "paid_once"}
    rows = [row for row in invariants() if row.code in about]
    assert {row.code for row in rows} == about
    assert [row for row in rows if not row.holds] == []


class TestT33:
    """Wages of 1,204.10, 987.65 and 1,010.25; the second is refused before it is booked."""

    def test_t33_the_file_holds_three_and_their_sum(self, sent):
        assert sent.total_cents == 3_202_00
        assert "<NbOfTxs>3</NbOfTxs><CtrlSum>3202.00</CtrlSum>" in sent.body

    @pytest.mark.parametrize("way", ["a line each", "a batch with parts", "one sum that names the file"])
    def test_t33_the_bank_books_two_and_the_second_stays_owed_once(self, sent, run, maker, way):
        refuse(of(987_65, sent))
        paid = [of(1_204_10, sent), of(1_010_25, sent)]
        entries = {
            "a line each": [entry(-p.cents, details=parts(p)) for p in paid],
            "a batch with parts": [entry(-2_214_35, details=parts(*paid))],
            "one sum that names the file": [in_one_sum(sent, 2_214_35)],
        }[way]

        booked(*entries, moved=-2_214_35)

        assert balance(Account.NET_DUE) == -987_65
        assert queue.waiting(on=AT.date()) == []
        proved()
        again = sepa.make_file(run.pk, by=maker, at=AT + timedelta(days=1))
        assert [(p.cents, p.payslip_id) for p in again.payments.all()] == [
            (987_65, of(987_65, sent).payslip_id)
        ]
        assert again.message_id != sent.message_id
        assert again.payments.get().end_to_end_id != of(987_65, sent).end_to_end_id

        at_the_bank(again)
        booked(
            entry(-987_65, details=parts(again.payments.get())), moved=-987_65, name="S2", opening=2_785_65
        )

        assert balance(Account.NET_DUE) == 0
        assert PayRun.objects.get(pk=run.pk).state == "paid"
        with pytest.raises(sepa.NothingToPay):
            sepa.make_file(run.pk, by=maker, at=AT)
        proved()

    def test_t33_one_sum_that_is_not_what_is_underway_waits_for_a_person(self, sent):
        refuse(of(987_65, sent))
        assert booked(in_one_sum(sent, 3_202_00), moved=-3_202_00) == 0
        assert [row.open_cents for row in queue.waiting(on=AT.date())] == [-3_202_00]
        assert balance(Account.NET_DUE) == -3_202_00


class TestMatching:
    @pytest.mark.parametrize("change", [
        {"cents": 1_204_11}, {"end_to_end": "W202611-SOMEBODY-1"}, {"end_to_end": "NOTPROVIDED"},
    ])  # fmt: skip
    def test_pays_nobody_on_a_likeness(self, sent, change):
        facts = {"cents": 1_204_10, "end_to_end": of(1_204_10, sent).end_to_end_id, **change}
        line = entry(-facts["cents"], details=details(-facts["cents"], end_to_end=facts["end_to_end"]))
        assert booked(line, moved=-facts["cents"]) == 0

    def test_pays_a_wage_once_however_often_it_looks(self, sent):
        payment = of(1_204_10, sent)
        line = entry(-payment.cents, details=parts(payment))
        assert booked(line, line.replace("120410", "second"), moved=-2 * payment.cents) == 1
        assert settlement.match_open_lines(at=AT) == 0
        assert balance(Account.NET_DUE) == -(987_65 + 1_010_25)
        assert len(queue.waiting(on=AT.date())) == 1

    def test_pays_what_was_refused_to_nobody(self, sent):
        refuse(of(987_65, sent))
        assert booked(entry(-987_65, details=parts(of(987_65, sent))), moved=-987_65) == 0

    def test_knows_the_tax_by_its_number(self, run):
        words = "Loonheffing 123456789 L01 november"
        assert booked(entry(-5_00, details=details(-5_00, words=words)), moved=-5_00) == 1
        assert balance(Account.TAX_DUE) == 5_00

    def test_without_a_tax_number_nothing_is_tax(self, run):
        build.organisation(iban=ORGANISATION, wage_tax_number="")
        assert booked(entry(-5_00, details=details(-5_00, words="anything")), moved=-5_00) == 0


class TestReturn:
    def test_a_wage_that_comes_back_is_owed_again_and_paid_again_once(self, sent, run, maker):
        payment = of(987_65, sent)
        booked(in_one_sum(sent, 3_202_00), moved=-3_202_00)
        assert PayRun.objects.get(pk=run.pk).state == "paid"
        back = entry(
            987_65, details=details(987_65, end_to_end=payment.end_to_end_id), extra="<RvslInd>true</RvslInd>"
        )

        assert booked(back, moved=987_65, name="S2", opening=1_798_00) == 1

        payment.refresh_from_db()
        assert (payment.state, payment.reason) == ("rejected", "returned")
        assert balance(Account.NET_DUE) == -987_65
        assert PayRun.objects.get(pk=run.pk).state == "netted"
        assert [p.cents for p in sepa.make_file(run.pk, by=maker, at=AT).payments.all()] == [987_65]
        proved()

    def test_money_back_for_a_wage_that_was_never_booked_waits(self, sent):
        back = entry(987_65, details=details(987_65, end_to_end=of(987_65, sent).end_to_end_id))
        assert booked(back, moved=987_65) == 0


class TestAnswer:
    def test_a_later_answer_may_refuse_what_an_earlier_one_took(self, sent):
        answer(sent)
        assert set(sent.payments.values_list("state", flat=True)) == {"accepted"}

        refuse(of(987_65, sent))

        assert (of(987_65, sent).state, of(987_65, sent).reason) == ("rejected", "AC01")

    def test_no_answer_undoes_a_bank_line(self, sent):
        booked(in_one_sum(sent, 3_202_00), moved=-3_202_00)
        refuse(of(987_65, sent))
        assert of(987_65, sent).state == "booked"


class TestFile:
    @pytest.mark.parametrize("of_whom", ["worker", "organisation"])
    def test_is_not_made_with_an_account_number_that_fails_its_check(self, run, maker, of_whom):
        if of_whom == "worker":
            wrong = WorkerFile.objects.order_by("pk").first()
            wrong.iban = "NL91ABNA0417164301"
            wrong.save()
        else:
            build.organisation(iban="")
        with pytest.raises(sepa.WrongIban) as refused:
            sepa.make_file(run.pk, by=maker, at=AT)
        assert of_whom == "organisation" or wrong.worker.ref in str(refused.value)
        assert "0417164301" not in str(refused.value)
        assert not PaymentFile.objects.exists()

    def test_changed_in_store_does_not_go_to_the_bank(self, run, maker, settings):
        made = sepa.make_file(run.pk, by=maker, at=AT)
        sepa.approve(made.pk, by=build.member("treasurer"), at=AT)
        PaymentFile.objects.filter(pk=made.pk).update(body=made.body.replace("1204.10", "9204.10"))
        settings.BANK_URL = "http://127.0.0.1:9"
        with pytest.raises(sepa.Changed):
            sepa.send(made.pk, at=AT)

    def test_waits_for_a_bank_that_is_away(self, run, maker, settings):
        made = sepa.make_file(run.pk, by=maker, at=AT)
        with pytest.raises(sepa.NotApproved):
            sepa.fetch_answer(made.pk, at=AT)
        sepa.approve(made.pk, by=build.member("treasurer"), at=AT)
        settings.BANK_URL = "http://127.0.0.1:9"
        with pytest.raises(sepa.BankDown):
            sepa.send(made.pk, at=AT)
        assert PaymentFile.objects.get().state == "approved"

    def test_a_wage_of_nothing_is_no_payment(self, maker):
        build.organisation(iban=ORGANISATION)
        run = build_pay.netted_run(0, 5_00, withheld=1_00)
        assert sepa.make_file(run.pk, by=maker, at=AT).payments.get().cents == 5_00


class TestDatabase:
    """What the role of the program cannot do, whatever its code says."""

    def refused(self, sql: str, *values: object) -> str:
        with pytest.raises(DatabaseError) as refused, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, values)
        return str(refused.value)

    def test_i11_no_second_live_payment(self, sent, run, maker):
        insert = """INSERT INTO payroll_payment (file_id, payslip_id, end_to_end_id, cents, state, reason)
                    SELECT %s, payslip_id, 'AGAIN', cents, 'waiting', '' FROM payroll_payment WHERE id = %s"""
        refuse(of(1_010_25, sent))
        draft = sepa.make_file(run.pk, by=maker, at=AT)
        assert "one_live_payment_per_payslip" in self.refused(insert, draft.pk, of(987_65, sent).pk)

    def test_i11_a_refused_payment_does_not_come_alive(self, sent):
        refuse(of(987_65, sent))
        assert "stays" in self.refused(
            "UPDATE payroll_payment SET state = 'accepted' WHERE state = 'rejected'"
        )

    def test_a_payment_is_the_net_of_its_payslip(self, sent, run, maker):
        refuse(of(987_65, sent))
        draft = sepa.make_file(run.pk, by=maker, at=AT)
        insert = """INSERT INTO payroll_payment (file_id, payslip_id, end_to_end_id, cents, state, reason)
                    VALUES (%s, %s, 'MORE', 98766, 'waiting', '')"""
        assert "net of its payslip" in self.refused(insert, draft.pk, of(987_65, sent).payslip_id)

    def test_no_payment_is_put_into_a_file_that_went(self, sent, maker):
        refuse(of(987_65, sent))
        insert = """INSERT INTO payroll_payment (file_id, payslip_id, end_to_end_id, cents, state, reason)
                    VALUES (%s, %s, 'LATE', 98765, 'waiting', '')"""
        assert "draft file" in self.refused(insert, sent.pk, of(987_65, sent).payslip_id)

    @pytest.mark.parametrize("sql", [
        "UPDATE payroll_payment SET cents = 1", "UPDATE payroll_payment SET end_to_end_id = 'X' || id", "DELETE FROM payroll_payment",
        "UPDATE payroll_paymentfile SET digest = 'x'", "UPDATE payroll_paymentfile SET message_id = 'x'",
        "UPDATE payroll_paymentfile SET total_cents = 1", "DELETE FROM payroll_paymentfile",
        "UPDATE payroll_paymentfile SET approved_by_id = made_by_id", "UPDATE payroll_paymentfile SET approved_by_id = NULL",
        "UPDATE payroll_payslip SET net_cents = 1, withheld_cents = gross_cents - 1",
    ])  # fmt: skip
    def test_what_went_to_the_bank_stays(self, sent, sql):
        self.refused(sql)
        assert Payslip.objects.filter(net_cents__in=T33).count() == 3

    def test_no_file_goes_without_approval(self, run, maker):
        sepa.make_file(run.pk, by=maker, at=AT)
        assert "approved_before" in self.refused("UPDATE payroll_paymentfile SET state = 'sent'")
