"""The counter: paper cheques, cash, and the drawer."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st
from stdnum.iso7064 import mod_37_36

from books.prove import invariants
from cheques import drawer, lots, paper, purchase
from cheques.counter_models import PaperCheque
from ledger.balances import balance
from ledger.models import Account
from tests import build
from tests.build import NOON

TOMORROW = NOON + timedelta(days=1)


@pytest.fixture
def clerk(db):
    return build.member("desk", where=build.neighbourhood())


def printed(clerk, count=3):
    return paper.print_some(count, neighbourhood_id=build.neighbourhood().pk, by=clerk, at=NOON)


def sell(clerk, cheques, key=None, at=NOON):
    return paper.sell(
        [one.serial for one in cheques], neighbourhood_id=build.neighbourhood().pk, form_key=key or uuid4(), by=clerk, at=at
    )  # fmt: skip


def all_hold() -> list[str]:
    return [row.code for row in invariants() if not row.holds]


class TestCode:
    @given(st.integers(0, 16), st.sampled_from("ABCDEFGHJKLMNPQRSTUVWXYZ234567"))
    def test_one_wrong_sign_is_noticed(self, place, sign):
        right = "ABCDEFGHIJKLMNOP" + mod_37_36.calc_check_digit("ABCDEFGHIJKLMNOP")
        wrong = right[:place] + sign + right[place + 1 :]
        if wrong == right:
            assert paper.checked(wrong) == right
        else:
            with pytest.raises(paper.NotACode):
                paper.checked(wrong)

    @pytest.mark.parametrize("typed", ["", "kaas", "€" * 17, "A" * 500])
    def test_nonsense_is_refused(self, typed):
        with pytest.raises(paper.NotACode):
            paper.checked(typed)

    def test_is_random_and_stands_nowhere(self, clerk):
        codes = [one.code for one in printed(clerk, 5)]

        assert len(set(codes)) == 5
        assert all(len(code) == 17 for code in codes)  # sixteen signs of five bits, and the check sign
        with connection.cursor() as sql:
            sql.execute("SELECT string_agg(t::text, ' ') FROM cheques_papercheque t")
            stored = sql.fetchone()[0]
        assert not any(code in stored for code in codes)


class TestPaper:
    def test_becomes_an_hour_in_a_wallet(self, clerk):
        cheques = printed(clerk)
        sell(clerk, cheques[:2])
        customer = build.customer()

        typed = " ".join(cheques[0].code[i : i + 4] for i in range(0, 17, 4)).lower()
        received = paper.turn_in(typed, customer.pk, by=clerk, at=TOMORROW)

        assert (received.minutes, lots.figures(customer.pk, at=TOMORROW).free) == (60, 60)
        assert balance(Account.CASH) == 20_00
        assert balance(Account.CHEQUES) == -20_00
        assert all_hold() == []

    def test_is_worth_nothing_before_its_sale(self, clerk):
        cheques = printed(clerk)
        with pytest.raises(paper.NotToBeUsed, match="nog niet verkocht"):
            paper.turn_in(cheques[0].code, build.customer().pk, by=clerk, at=NOON)

    def test_is_turned_in_once(self, clerk):
        cheques = printed(clerk)
        sell(clerk, cheques)
        paper.turn_in(cheques[0].code, build.customer().pk, by=clerk, at=NOON)
        with pytest.raises(paper.NotToBeUsed, match="al ingeleverd"):
            paper.turn_in(cheques[0].code, build.customer().pk, by=clerk, at=NOON)

    def test_of_somebody_else_is_not_known(self, clerk):
        stem = "ABCDEFGHIJKLMNOP"
        with pytest.raises(paper.NotKnown):
            paper.turn_in(stem + mod_37_36.calc_check_digit(stem), build.customer().pk, by=clerk, at=NOON)

    def test_past_its_day_says_so(self, clerk):
        cheques = printed(clerk)
        sell(clerk, cheques)
        with pytest.raises(paper.NotToBeUsed, match="verlopen"):
            paper.turn_in(cheques[0].code, build.customer().pk, by=clerk, at=NOON + timedelta(days=800))

    def test_is_sold_once_and_all_or_nothing(self, clerk):
        cheques = printed(clerk)
        sell(clerk, cheques[:1])
        with pytest.raises(paper.NotForSale, match=str(cheques[0].serial)):
            sell(clerk, cheques)
        assert PaperCheque.objects.filter(state="active").count() == 1
        assert balance(Account.CASH) == 10_00

    def test_a_double_click_sells_once(self, clerk):
        cheques, key = printed(clerk), uuid4()
        assert sell(clerk, cheques, key) == sell(clerk, cheques, key)
        assert balance(Account.CASH) == 30_00

    def test_of_another_desk_cannot_be_sold_here(self, clerk):
        elsewhere = build.neighbourhood("Brabantpark")
        cheques = printed(clerk)
        with pytest.raises(paper.NotForSale):
            paper.sell(
                [cheques[0].serial], neighbourhood_id=elsewhere.pk, form_key=uuid4(), by=clerk, at=NOON
            )

    def test_lost_is_blocked_and_replaced_once(self, clerk):
        cheques = printed(clerk)
        sell(clerk, cheques[:1])
        paper.block(cheques[0].serial, reason="kwijt", by=clerk, at=NOON)
        with pytest.raises(paper.NotToBeUsed, match="geblokkeerd"):
            paper.turn_in(cheques[0].code, build.customer().pk, by=clerk, at=NOON)

        paper.replace(cheques[0].serial, with_serial=cheques[1].serial, by=clerk, at=NOON)
        with pytest.raises(paper.NotForSale):
            paper.replace(cheques[0].serial, with_serial=cheques[2].serial, by=clerk, at=NOON)

        customer = build.customer()
        paper.turn_in(cheques[1].code, customer.pk, by=clerk, at=NOON)
        assert lots.figures(customer.pk, at=NOON).free == 60
        assert all_hold() == []

    def test_that_was_turned_in_is_not_blocked(self, clerk):
        cheques = printed(clerk)
        sell(clerk, cheques)
        paper.turn_in(cheques[0].code, build.customer().pk, by=clerk, at=NOON)
        with pytest.raises(paper.NotToBeUsed):
            paper.block(cheques[0].serial, reason="kwijt", by=clerk, at=NOON)

    @pytest.mark.parametrize("count", [0, -1, 201])
    def test_a_print_run_has_bounds(self, clerk, count):
        with pytest.raises(purchase.NotANumberOfHours):
            printed(clerk, count)

    @pytest.mark.parametrize(
        "change", ["state = 'active'", "state = 'printed'", "serial = 1", "code_hash = 'x'", "lot_id = NULL"]
    )
    def test_goes_forward_only_whoever_asks(self, clerk, change):
        cheques = printed(clerk, 2)
        sell(clerk, cheques[:1])
        paper.turn_in(cheques[0].code, build.customer().pk, by=clerk, at=NOON)
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as sql:
            sql.execute(f"UPDATE cheques_papercheque SET {change} WHERE serial = %s", [cheques[0].serial])


class TestDrawer:
    def count(self, clerk, counted, banked=0, words="", at=NOON):
        return drawer.count(
            build.neighbourhood().pk, counted_cents=counted, banked_cents=banked, words=words, by=clerk, at=at
        )

    def test_agrees_with_the_sales(self, clerk):
        sell(clerk, printed(clerk))
        paper.sell_to(build.customer().pk, hours=2, form_key=uuid4(), by=clerk, at=NOON)

        row = self.count(clerk, 50_00, banked=40_00)

        assert (row.expected_cents, drawer.expected(build.neighbourhood().pk, at=TOMORROW)) == (50_00, 10_00)
        assert balance(Account.CASH_DIFFERENCE) == 0

    def test_a_difference_needs_words_and_is_booked(self, clerk):
        sell(clerk, printed(clerk))
        with pytest.raises(drawer.SayWhy):
            self.count(clerk, 28_00)

        self.count(clerk, 28_00, words="Verkeerd gewisseld")

        assert balance(Account.CASH_DIFFERENCE) == 2_00
        assert balance(Account.CASH) == 28_00
        assert drawer.expected(build.neighbourhood().pk, at=TOMORROW) == 28_00

    def test_is_counted_once_a_day(self, clerk):
        self.count(clerk, 0)
        with pytest.raises(drawer.CountedBefore):
            self.count(clerk, 0)
        assert self.count(clerk, 0, at=TOMORROW).expected_cents == 0

    @pytest.mark.parametrize(("counted", "banked"), [(-1, 0), (0, 1), (10_00, -1)])
    def test_refuses_what_cannot_be(self, clerk, counted, banked):
        with pytest.raises(drawer.NotAnAmount):
            self.count(clerk, counted, banked, words="x")

    def test_of_another_desk_counts_for_itself(self, clerk):
        sell(clerk, printed(clerk))
        assert drawer.expected(build.neighbourhood("Brabantpark").pk, at=NOON) == 0
