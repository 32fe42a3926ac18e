"""Claims through the database: T6, T9, T24 to T26, shares to the cent, refusals and receipts."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction

from bank import importing, queue
from bank.models import Allocation
from books.prove import invariants
from kernel.dated import NothingInForce
from ledger.balances import balance
from ledger.models import Account, Entry
from payroll import pay_run
from payroll.models import PaidPiece
from subsidies import awards, claims, remittances
from subsidies.models import Claim, ClaimLine, PieceShare
from tests import build, build_pay, build_work
from tests.bank.statement import details, entry, file, statement
from tests.subsidies.claimed import APRIL, AT, claim, paid, sent

NOVEMBER, MARCH, JUNE, JULY = (date(2026, month, 1) for month in (11, 3, 6, 7))
pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    build.organisation(iban=build_pay.ORGANISATION)
    return build.member("payroll")


def cents(made: Claim) -> list[int]:
    return [line.subsidy_cents + line.compensation_cents for line in made.lines.order_by("from_on", "pk")]


def proved() -> None:
    about = {"claimed_once", "under_award", "claim_shares", "subsidies_due", "bank", "wage_lines", "gross"}
    rows = [row for row in invariants() if row.code in about]
    assert {row.code for row in rows} == about
    assert [row for row in rows if not row.holds] == []


class TestMake:
    @pytest.mark.parametrize(("wage_value", "subsidy", "compensation"), [
        ("40", 991_18, 232_93), ("20", 1_156_38, 271_75), ("30", 1_156_38, 271_75), ("85", 247_80, 58_23),
    ])  # fmt: skip
    def test_t06_t07_t09_a_measured_month(self, officer, wage_value, subsidy, compensation):
        worker = paid(officer, APRIL)
        build_pay.award(worker, wage_value=wage_value)
        line = claim(officer, APRIL).lines.get()
        assert (line.subsidy_cents, line.compensation_cents) == (subsidy, compensation)
        assert (line.from_on, line.until_on) == (APRIL, date(2026, 5, 1))

    def test_t09_who_earns_a_full_wage_is_not_claimed_for(self, officer):
        build_pay.award(paid(officer, APRIL), wage_value="100")
        with pytest.raises(claims.NothingToClaim):
            claim(officer, APRIL)

    def test_t08_t25_a_forfait_and_its_end(self, officer):
        worker = paid(officer, JULY, 6, 20)
        build_pay.award(worker, wage_value=None, from_on=date(2026, 1, 12))
        build_pay.award(worker, wage_value="60", from_on=date(2026, 7, 12))

        made = claim(officer, JULY)

        assert cents(made) == [361_97, 536_27]
        assert sum(cents(made)) == 898_24

    def test_t24_a_start_in_the_middle_of_a_month(self, officer):
        build_pay.award(paid(officer, MARCH), from_on=date(2026, 3, 16))
        assert cents(claim(officer, MARCH)) == [631_80]

    def test_t24_a_new_wage_value_in_the_middle_of_a_month(self, officer):
        worker = paid(officer, APRIL, 7, 21)
        build_pay.award(worker, from_on=date(2026, 3, 16), until_on=date(2026, 4, 20))
        build_pay.award(worker, wage_value="55", from_on=date(2026, 4, 20))

        made = claim(officer, APRIL)

        assert cents(made) == [775_27, 336_63]
        assert sum(cents(made)) == 1_111_90

    def test_t26_does_not_follow_the_wage_of_1_july(self, officer):
        worker = paid(officer, JUNE)
        paid(officer, JULY, worker=worker)
        build_pay.award(worker)
        assert cents(claim(officer, JUNE)) == cents(claim(officer, JULY)) == [1_224_11]

    def test_t26_a_new_award_from_1_july_does(self, officer):
        build_pay.award(paid(officer, JULY), from_on=JULY)
        assert cents(claim(officer, JULY)) == [1_246_84]

    def test_t26_a_year_without_a_wage_is_an_error_and_no_old_value(self, officer):
        from payroll.models import PayRun, Payslip

        worker = build_work.worker()
        build_pay.worker_file(worker)
        build_pay.award(worker)
        run = PayRun.objects.create(month=date(2027, 1, 1), made_at=AT, made_by=officer, ready_at=AT)
        Payslip.objects.create(run=run, worker=worker, gross_cents=1, holiday_cents=0)
        build_pay.fixed(run, at=AT)
        with pytest.raises(NothingInForce, match="2027-01-01"):
            claim(officer, date(2027, 1, 1))
        assert not Claim.objects.exists()

    def test_claims_only_of_the_own_municipality(self, officer):
        from identity.models import Municipality

        build_pay.award(paid(officer, APRIL), municipality=Municipality.objects.create(name="Oosterhout"))
        with pytest.raises(claims.NothingToClaim):
            claim(officer, APRIL)

    def test_claims_nothing_for_who_was_not_paid(self, officer):
        paid(officer, APRIL)
        build_pay.award(build_work.worker())
        with pytest.raises(claims.NothingToClaim):
            claim(officer, APRIL)


class TestShares:
    def test_a_line_is_shared_by_minutes_and_adds_up(self, officer):
        worker = build_work.worker()
        build_pay.worker_file(worker)
        build_pay.worked(worker, (date(2026, 11, 9), 60), (date(2026, 11, 10), 61), (date(2026, 11, 11), 62))
        run = pay_run.make(NOVEMBER, by=officer, at=AT)
        build_pay.fixed(run, at=AT)
        build_pay.award(worker)

        claim(officer, NOVEMBER)

        assert list(PieceShare.objects.order_by("piece").values_list("cents", flat=True)) == [
            401_35,
            408_04,
            414_72,
        ]
        assert 401_35 + 408_04 + 414_72 == 1_224_11
        proved()

    def test_a_segment_is_carried_by_the_work_of_its_own_days(self, officer):
        worker = paid(officer, APRIL, 7, 8, 21)
        build_pay.award(worker, from_on=date(2026, 3, 16), until_on=date(2026, 4, 20))
        build_pay.award(worker, wage_value="55", from_on=date(2026, 4, 20))

        claim(officer, APRIL)

        first, second, third = PaidPiece.objects.order_by("pk")
        assert [share.cents for share in PieceShare.objects.order_by("piece")] == [387_64, 387_63, 336_63]
        assert PieceShare.objects.filter(piece__in=[first, second], line__from_on=APRIL).count() == 2
        assert PieceShare.objects.get(piece=third).line.from_on == date(2026, 4, 20)
        proved()

    def test_a_segment_without_work_is_carried_by_the_month(self, officer):
        worker = paid(officer, APRIL, 7)
        build_pay.award(worker, from_on=date(2026, 3, 16), until_on=date(2026, 4, 20))
        build_pay.award(worker, wage_value="55", from_on=date(2026, 4, 20))
        claim(officer, APRIL)
        assert sorted(PieceShare.objects.values_list("cents", flat=True)) == [336_63, 775_27]
        proved()


class TestRefusal:
    @pytest.fixture
    def two(self, officer):
        """A claim that was sent, with two lines."""
        worker = paid(officer, APRIL, 7, 21)
        build_pay.award(worker, from_on=date(2026, 3, 16), until_on=date(2026, 4, 20))
        build_pay.award(worker, wage_value="55", from_on=date(2026, 4, 20))
        return sent(officer, APRIL)

    def test_opens_that_line_alone_in_a_later_claim(self, two, officer):
        first = two.lines.order_by("from_on").first()
        claims.refuse_line(first.pk, reason="loonstrook ontbreekt", by=officer, at=AT)
        assert balance(Account.SUBSIDIES_DUE) == 336_63

        again = sent(officer, APRIL)

        assert (again.number, cents(again)) == (2, [775_27])
        assert balance(Account.SUBSIDIES_DUE) == 1_111_90
        proved()

    def test_is_written_down_on_the_local_day(self, two, officer):
        late = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)  # half past twelve on New Year's night in Breda
        line = two.lines.first()
        claims.refuse_line(line.pk, reason="", by=officer, at=late)
        assert Entry.objects.get(key=f"claimline:{line.pk}:refused").day == date(2027, 1, 1)

    def test_happens_once_and_only_to_what_was_sent(self, two, officer):
        line = two.lines.first()
        claims.refuse_line(line.pk, reason="", by=officer, at=AT)
        with pytest.raises(claims.NotSent):
            claims.refuse_line(line.pk, reason="", by=officer, at=AT)
        draft = claim(officer, APRIL)
        with pytest.raises(claims.NotSent):
            claims.refuse_line(draft.lines.get().pk, reason="", by=officer, at=AT)

    def test_closes_a_claim_whose_rest_came_in(self, two, officer):
        receive(336_63, f"LKS {two.ref}")
        assert Claim.objects.get(pk=two.pk).state == "sent"

        claims.refuse_line(two.lines.get(from_on=APRIL).pk, reason="", by=officer, at=AT)

        assert Claim.objects.get(pk=two.pk).state == "settled"
        assert set(two.lines.values_list("state", flat=True)) == {"refused", "received"}
        proved()

    def test_a_claim_is_sent_once(self, two, officer):
        with pytest.raises(claims.NotADraft):
            claims.send(two.pk, by=officer, at=AT)
        assert balance(Account.SUBSIDY_INCOME) == -1_111_90


def receive(cents: int, words: str, *, name: str = "S1", opening: int = 0) -> int:
    body = file(statement(
        entry(cents, details=details(cents, words=words)), opening=opening, closing=opening + cents, name=name,
        iban=build_pay.ORGANISATION,
    ))  # fmt: skip
    importing.import_file(body, own_iban=build_pay.ORGANISATION, by_id=None, at=AT)
    return remittances.match_open_lines(at=AT)


class TestReceipt:
    @pytest.fixture
    def asked(self, officer):
        build_pay.award(paid(officer, APRIL))
        return sent(officer, APRIL)

    def test_in_parts_settles_with_the_last(self, asked):
        assert receive(1_000_00, f"lks {asked.ref[:6]} {asked.ref[6:]} deel 1") == 1
        assert Claim.objects.get(pk=asked.pk).state == "sent"
        assert remittances.received_cents(asked) == 1_000_00

        assert receive(224_11, asked.ref.upper(), name="S2", opening=1_000_00) == 1

        assert Claim.objects.get(pk=asked.pk).state == "settled"
        assert asked.lines.get().state == "received"
        assert balance(Account.SUBSIDIES_DUE) == 0
        proved()

    def test_of_too_much_leaves_the_rest_in_the_queue(self, asked):
        receive(1_300_00, asked.ref)
        assert [row.open_cents for row in queue.waiting(on=AT.date())] == [75_89]
        assert Claim.objects.get(pk=asked.pk).state == "settled"

    def test_that_names_no_claim_waits(self, asked):
        assert receive(1_224_11, "LKS april") == 0
        assert not Allocation.objects.exists()

    def test_for_two_claims_in_one_line_pays_both(self, asked, officer):
        worker = asked.lines.get().award.worker
        worker.has_file = True
        paid(officer, JUNE, worker=worker)
        other = sent(officer, JUNE)
        assert receive(2_448_22, f"{asked.ref} en {other.ref}") == 1
        assert set(Claim.objects.values_list("state", flat=True)) == {"settled"}
        proved()

    def test_looked_at_again_books_nothing_more(self, asked):
        receive(1_224_11, asked.ref)
        assert remittances.match_open_lines(at=AT) == 0
        assert Allocation.objects.count() == 1

    def test_for_a_draft_waits_until_it_is_sent(self, officer):
        build_pay.award(paid(officer, APRIL))
        draft = claim(officer, APRIL)
        assert receive(1_224_11, draft.ref) == 0
        claims.send(draft.pk, by=officer, at=AT)
        assert remittances.match_open_lines(at=AT) == 1


class TestAward:
    @pytest.mark.parametrize("facts", [
        {"until_on": date(2026, 1, 1)}, {"week_minutes": 0}, {"week_minutes": 61 * 60}, {"route": "measured", "wage_value": None},
        {"route": "forfait"}, {"wage_value": Decimal("100.01")}, {"wage_value": Decimal(-1)},
    ])  # fmt: skip
    def test_a_letter_that_contradicts_itself_is_refused(self, facts):
        with pytest.raises(awards.NotADecision):
            build_pay.award(build_work.worker(), **{"wage_value": Decimal(40), "route": "measured", **facts})

    @pytest.mark.parametrize(("from_on", "until_on"), [
        (date(2026, 3, 1), None), (date(2025, 12, 1), None), (date(2025, 12, 1), date(2026, 2, 2)), (date(2026, 2, 1), date(2026, 3, 1)),
    ])  # fmt: skip
    def test_two_never_hold_on_one_day(self, from_on, until_on):
        worker = build_work.worker()
        build_pay.award(worker, from_on=date(2026, 2, 1))
        with pytest.raises(awards.TwoAtOnce):
            build_pay.award(worker, from_on=from_on, until_on=until_on)


class TestDatabase:
    """What the role of the program cannot do, whatever its code says."""

    @pytest.fixture
    def asked(self, officer):
        build_pay.award(paid(officer, APRIL))
        return sent(officer, APRIL)

    def refused(self, sql: str, *values: object) -> str:
        with pytest.raises(DatabaseError) as refused, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, values)
        return str(refused.value)

    def test_i11_the_same_segment_is_not_claimed_twice(self, asked, officer):
        other = Claim.objects.create(
            municipality=asked.municipality, month=APRIL, number=2, made_at=AT, made_by=officer
        )
        copy = """INSERT INTO subsidies_claimline (claim_id, award_id, month, from_on, until_on, subsidy_cents,
                  compensation_cents, rule, state, reason) SELECT %s, award_id, month, from_on, until_on, subsidy_cents,
                  compensation_cents, rule, 'claimed', '' FROM subsidies_claimline"""
        assert "claimed_once" in self.refused(copy, other.pk)
        assert "was sent" in self.refused(copy, asked.pk)

    @pytest.mark.parametrize("sql", [
        "UPDATE subsidies_claimline SET subsidy_cents = 1", "UPDATE subsidies_claimline SET until_on = '2026-06-01'",
        "UPDATE subsidies_claimline SET rule = ''", "DELETE FROM subsidies_claimline", "DELETE FROM subsidies_claim",
        "UPDATE subsidies_claim SET state = 'draft'", "UPDATE subsidies_claim SET digest = ''", "UPDATE subsidies_claim SET month = '2026-05-01'",
        "UPDATE subsidies_pieceshare SET cents = 1",
        "INSERT INTO subsidies_pieceshare (line_id, piece_id, cents) SELECT line_id, max(piece_id) + 1, 1 FROM subsidies_pieceshare GROUP BY 1",
    ])  # fmt: skip
    def test_what_was_asked_stays(self, asked, sql):
        self.refused(sql)

    def test_shares_are_never_more_than_the_line(self, officer):
        worker = paid(officer, APRIL, 7, 21)
        build_pay.award(worker, until_on=date(2026, 4, 20))
        claim(officer, APRIL)
        later = PaidPiece.objects.order_by("pk").last()
        assert "more than the line" in self.refused(
            "INSERT INTO subsidies_pieceshare (line_id, piece_id, cents) VALUES (%s, %s, 1)",
            ClaimLine.objects.get().pk,
            later.pk,
        )

    def test_a_refused_line_does_not_come_alive(self, asked, officer):
        claims.refuse_line(asked.lines.get().pk, reason="", by=officer, at=AT)
        assert "stays" in self.refused("UPDATE subsidies_claimline SET state = 'claimed'")
