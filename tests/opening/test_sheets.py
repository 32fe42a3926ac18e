"""Opening balances: looked at, laid before a second person, booked once, and part of the proof afterwards."""

from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection

from books import prove
from cheques import lots, vat
from cheques.models import Lot
from identity.models import Customer, User
from ledger.balances import balance
from ledger.models import Account, ClosedMonth, Entry
from opening import sheets
from opening.models import Balance, Sheet
from opening.sheets import Paper
from payroll import leave
from scheduling import confirming
from subsidies.models import Award
from tests import build, build_pay, build_work
from tests.build import NOON

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 1)
CHEQUES = (
    "fatma@example.org; Fatma Yilmaz; 4818 CK; 12; 7,5; 10,00; bij gebruik; 31-12-2026\n"
    "fatma@example.org; Fatma Yilmaz; 4818 CK; 12; 2; 12,00; 21%; 30-06-2027"
)


@pytest.fixture
def officer():
    return build.member("payroll")


@pytest.fixture
def treasurer():
    return build.member("treasurer")


@pytest.fixture
def worker():
    made = build_work.worker("Samira")
    build_pay.worker_file(made)
    return made


@pytest.fixture
def paper(worker):
    build.postcode()
    email = worker.user.email
    return Paper(
        DAY, bank="25.000,00", cheques=CHEQUES, workers=f"{email}; 42,5; 310,25",
        awards=f"{email}; breda; gemeten; 40; 24; 1-3-2026; 28-2-2029; K-17",
    )  # fmt: skip


def sums() -> dict[Account, int]:
    return {account: balance(account) for account in Account if balance(account)}


class TestPreview:
    def test_says_what_it_adds_up_to_and_keeps_nothing(self, paper, officer):
        users = User.objects.count()

        found = sheets.totals(sheets.preview(paper, by=officer, at=NOON))

        assert (found.cheques_minutes, found.cheques_cents) == (570, 75_00 + 24_00)
        assert (found.leave_minutes, found.holiday_cents, found.awards) == (2550, 310_25, 1)
        assert found.own_cents == 25_000_00 - 99_00 - 310_25
        assert (Sheet.objects.count(), Entry.objects.count(), User.objects.count()) == (0, 0, users)
        assert not Award.objects.exists()

    @pytest.mark.parametrize(
        ("part", "text", "said"),
        [
            ("workers", "niemand@example.org; 1; 1", "Regel 1: niemand@example.org is geen medewerker"),
            (
                "cheques",
                "a@example.org; A; 9999 ZZ; 1; 1; 10,00; 9%; 31-12-2026",
                "Regel 1: Wij werken nog niet",
            ),
            (
                "cheques",
                "a@example.org; A; 4818 CK; 1; 1; 10,00; 9%; 31-10-2026",
                "Regel 1: deze cheques zijn",
            ),
            ("bank", "veel", "geen getal"),
        ],
    )
    def test_finds_what_could_not_be_booked(self, paper, officer, part, text, said):
        wrong = Paper(**{**paper.__dict__, part: text})
        with pytest.raises(sheets.WrongLine, match=said) as refused:
            sheets.preview(wrong, by=officer, at=NOON)
        assert refused.value.part == part

    def test_finds_a_decision_that_overlaps_or_a_town_that_is_not_there(self, paper, officer, worker):
        line = paper.awards
        for text, said in ((f"{line}\n{line.replace('1-3-2026', '1-5-2026')}", "Regel 2: Er loopt al"),
                           (line.replace("breda", "Atlantis"), "Regel 1: de gemeente Atlantis")):  # fmt: skip
            with pytest.raises(sheets.WrongLine, match=said):
                sheets.preview(Paper(DAY, awards=text), by=officer, at=NOON)

    @pytest.mark.parametrize("day", [date(2026, 11, 3), date(1999, 1, 1)])
    def test_the_day_has_been(self, officer, day):
        with pytest.raises(sheets.NotThatDay):
            sheets.preview(Paper(day, bank="1"), by=officer, at=NOON)

    def test_not_in_a_month_that_is_closed(self, officer):
        ClosedMonth.objects.create(month=DAY, closed_at=NOON, closed_by_id=officer.pk)
        with pytest.raises(sheets.NotThatDay):
            sheets.preview(Paper(DAY, bank="1"), by=officer, at=NOON)


class TestBook:
    def test_books_every_balance_on_its_day(self, paper, officer, treasurer, worker):
        sheet = sheets.draft(paper, by=officer, at=NOON)
        assert sums() == {}

        sheets.book(sheet.pk, by=treasurer, at=NOON)

        assert sums() == {
            Account.BANK: 25_000_00, Account.CHEQUES: -99_00, Account.HOLIDAY_RESERVE: -310_25,
            Account.OPENING: -25_000_00 + 99_00 + 310_25,
        }  # fmt: skip
        assert set(Entry.objects.values_list("day", flat=True)) == {DAY}
        first, second = Lot.objects.order_by("expires_at")
        assert (first.minutes, first.price_cents, first.vat_kind) == (450, 1000, "mpv")
        assert second.expires_at == datetime.fromisoformat("2027-07-01T00:00+02:00")
        assert lots.figures(Customer.objects.get().pk, at=NOON).free == 570
        assert leave.balance(worker.pk, on=DAY) == 2550
        assert leave.balance(worker.pk, on=DAY - timedelta(days=1)) == 0
        assert Award.objects.get().until_on == date(2029, 3, 1)
        assert [row.code for row in prove.invariants() if not row.holds] == []

    def test_takes_a_second_person(self, paper, officer):
        sheet = sheets.draft(paper, by=officer, at=NOON)
        with pytest.raises(sheets.SecondPersonNeeded):
            sheets.book(sheet.pk, by=officer, at=NOON)
        with pytest.raises(IntegrityError, match="opening_needs"), connection.cursor() as cursor:
            cursor.execute(
                "UPDATE opening_sheet SET state='posted', posted_at=now(), posted_by_id=made_by_id"
            )

    def test_books_once(self, paper, officer, treasurer):
        sheet = sheets.draft(paper, by=officer, at=NOON)
        sheets.book(sheet.pk, by=treasurer, at=NOON)
        before = sums()
        with pytest.raises(sheets.NotADraft):
            sheets.book(sheet.pk, by=treasurer, at=NOON)
        with pytest.raises(sheets.WrongLine, match="dit staat er al eens"):
            sheets.draft(paper, by=officer, at=NOON)
        with pytest.raises(sheets.NotADraft):
            sheets.withdraw(sheet.pk, by=treasurer, at=NOON)
        assert sums() == before

    def test_a_sheet_that_was_withdrawn_can_be_written_again(self, paper, officer, treasurer):
        sheets.withdraw(sheets.draft(paper, by=officer, at=NOON).pk, by=officer, at=NOON)
        sheets.book(sheets.draft(paper, by=officer, at=NOON).pk, by=treasurer, at=NOON)
        assert balance(Account.BANK) == 25_000_00

    def test_books_all_or_nothing(self, paper, officer, treasurer, worker):
        sheet = sheets.draft(paper, by=officer, at=NOON)
        build_pay.award(worker)  # came in meanwhile
        with pytest.raises(sheets.WrongLine, match="Er loopt al een beschikking"):
            sheets.book(sheet.pk, by=treasurer, at=NOON)
        sheet.refresh_from_db()
        assert (sheet.state, sums()) == ("draft", {})

    def test_a_balance_is_taken_over_once_whoever_writes(self, paper, officer):
        sheet = sheets.draft(paper, by=officer, at=NOON)
        with pytest.raises(IntegrityError, match="opening_taken_over_once"):
            Balance.objects.create(sheet=sheet, kind="bank", key="bank", cents=1)

    def test_somebody_who_is_a_customer_already_keeps_one_wallet(self, paper, officer, treasurer):
        customer = build.customer()
        owner = build.owner_of(customer)
        text = f"{owner.email}; Andere Naam; 1111 AA; 1; 3; 10,00; bij gebruik; 31-12-2026"
        sheets.book(
            sheets.draft(Paper(DAY, cheques=text), by=officer, at=NOON).pk, by=treasurer, at=NOON
        )  # fmt: skip
        assert lots.figures(customer.pk, at=NOON).free == 180
        assert Customer.objects.count() == 1


def test_hours_that_were_taken_over_are_used_like_others_and_vat_falls_due_once(officer, treasurer):
    build.organisation()
    customer = build.customer()
    email = build.owner_of(customer).email
    text = f"{email}; F; 4818 CK; 1; 3; 10,00; 9%; 31-12-2026"
    sheets.book(sheets.draft(Paper(DAY, cheques=text), by=officer, at=NOON).pk, by=treasurer, at=NOON)
    visit = build_work.worked_visit(customer=customer)

    confirming.confirm(visit.pk, by=build.owner_of(customer), at=visit.end_at)

    assert balance(Account.CHEQUES) == 0
    assert balance(Account.REVENUE) == -30_00
    assert vat.close_month(DAY, at=NOON + timedelta(days=40)) == []
    assert [row.code for row in prove.invariants() if not row.holds] == []
