"""What happened to cheques in a period: opening and movements make closing, and a day in the past says what it said then."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from uuid import uuid4

import pytest
from django.db import transaction
from pypdf import PdfReader

from cheques import (
    chargebacks,
    converging,
    expiring,
    expiry,
    holds,
    lots,
    redemption,
    refunds,
    reversing,
    statement,
    statement_pdf,
)
from cheques import statement_words as words
from cheques.models import Movement
from cheques.statement import FIGURES, Kind, Stand
from cheques.stripe_gateway import Dispute, RefundState
from kernel.periods import Period
from tests import build
from tests.build import NOON
from tests.cheques.test_sponsoring import give, paid, purpose

pytestmark = pytest.mark.django_db
BEGIN, EVER = datetime(2020, 1, 1, tzinfo=UTC), datetime(2040, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)


def keep(customer, minutes, *, key="booking:1", at=NOON, start=NOON + 7 * DAY):
    use = lots.Use("cleaning", customer.address_id, date(2026, 11, 9), date(2026, 11, 9))
    with transaction.atomic():
        return holds.place(customer.pk, minutes=minutes, start_at=start, key=key, at=at, use=use)


def pay(hold, minutes, *, key="visit:1", at=NOON + 8 * DAY, start=NOON + 7 * DAY):
    with transaction.atomic():
        return redemption.redeem(
            hold.pk, minutes=minutes, key=key, vat_rate=Decimal("0.09"), used_on=date(2026, 11, 9), start_at=start, at=at
        )  # fmt: skip


def total(found) -> Stand:
    changed: Stand = sum((line.change for line in found.lines), found.opening)
    return changed


def now(customer, at) -> Stand:
    """The figures as the wallet page says them."""
    told = lots.figures(customer.pk, at=at)
    return Stand(told.free, told.held, told.used, told.expired, told.frozen, told.outstanding)


def up_to(customer, at):
    return statement.of(customer.pk, Period(BEGIN, at + statement.MOMENT))


class TestAYear:
    def test_says_each_movement_in_order(self):
        customer = build.customer()
        build.lot(customer, hours=10)
        hold = keep(customer, 180)
        pay(hold, 120)

        found = statement.of_year(customer.pk, 2026, at=NOON + 30 * DAY)
        services = {"cleaning": "Schoonmaken"}
        assert [(words.say(line, services), line.minutes, line.cents, line.free_after) for line in found.lines] == [
            (f"Gekocht. Bestelling {customer_order(customer)}.", 600, 100_00, 600),
            ("Gereserveerd: Schoonmaken, uiterlijk 9 november 2026.", 180, 30_00, 420),
            ("Gebruikt: Schoonmaken, 9 november 2026.", 120, 20_00, 420),
            ("Weer vrij. Niet nodig voor: Schoonmaken.", 60, 10_00, 480),
        ]  # fmt: skip
        assert found.opening == Stand()
        assert found.closing == Stand(free=480, used=120) == total(found)
        assert words.in_short(found) == [
            "U kocht 10 uur, voor 100,00 euro.", "U gebruikte 2 uur.", "U hebt nu 8 uur vrij en 0 uur gereserveerd.",
        ]  # fmt: skip

    def test_begins_with_what_the_year_before_left(self):
        customer = build.customer()
        build.lot(customer, hours=10)
        keep(customer, 60)

        found = statement.of_year(customer.pk, 2027, at=NOON + 100 * DAY)

        assert found.lines == ()
        assert found.opening == found.closing == Stand(free=540, held=60)
        assert words.in_short(found) == ["Er gebeurde niets met uw cheques."]
        assert statement.years(customer.pk, at=NOON + 100 * DAY) == [2027, 2026]

    def test_a_visit_paid_from_two_lots_is_one_line(self):
        customer = build.customer()
        build.lot(customer, hours=1)
        build.lot(customer, hours=5, price_cents=10_40)
        pay(keep(customer, 120), 120)
        used = [line for line in up_to(customer, NOON + 9 * DAY).lines if line.kind == Kind.USED]
        assert [(line.minutes, line.cents) for line in used] == [(120, 20_40)]


def customer_order(customer) -> str:
    return Movement.objects.get(source="new", lot__wallet__customer=customer).lot.order.ref


class TestTheLastDay:
    def test_hours_that_nobody_booked_as_expired_yet_are_over_at_the_end_of_their_day(self):
        customer = build.customer()
        lot = build.lot(customer, hours=10)
        end = lot.expires_at

        before = statement.of(customer.pk, Period(NOON, end - statement.MOMENT))
        after = statement.of(customer.pk, Period(NOON, end))

        assert (before.closing.free, before.closing.expired) == (600, 0)
        assert (after.closing.free, after.closing.expired) == (0, 600)
        assert after.lines[-1].kind == Kind.EXPIRED
        expiry.expire_due(at=end + DAY)
        assert statement.of(customer.pk, Period(NOON, end)) == after
        assert up_to(customer, end + 2 * DAY).closing == after.closing

    def test_what_is_let_go_after_it_is_lost_at_once(self):
        customer = build.customer()
        lot = build.lot(customer, hours=2)
        hold = keep(customer, 60)
        with transaction.atomic():
            holds.release(hold.pk, key="cancel:1", at=lot.expires_at + DAY)
        found = up_to(customer, lot.expires_at + DAY)
        assert found.lines[-1].kind == Kind.RELEASED_LATE
        assert found.closing == Stand(expired=120) == now(customer, lot.expires_at + DAY)

    def test_that_was_put_off_is_told_as_it_was_known(self):
        customer = build.customer()
        lot = build.lot(customer, hours=10)
        near, old = lot.expires_at - 10 * DAY, expiring.last_day(lot)
        assert up_to(customer, near - DAY).next_expiry == (600, old)

        made = expiring.extend(lot.pk, by=build.owner_of(customer), at=near)

        found = up_to(customer, near)
        assert found.lines[-1].kind == Kind.EXTENDED
        assert found.lines[-1].minutes == 600
        assert found.next_expiry == (600, found.lines[-1].until)
        assert made.after > made.before
        assert up_to(customer, near - DAY).next_expiry == (600, old)


class TestMoney:
    def test_asked_back_and_failed_is_there_again(self):
        customer = build.customer()
        lot = build.lot(customer, hours=10, payment_intent_id="pi_1")
        back = refunds.request(
            lot.pk, minutes=120, form_key=uuid4(), by=build.owner_of(customer), at=NOON + DAY
        )
        assert up_to(customer, NOON + DAY).closing == Stand(free=480)
        converging.settle_refund(back.pk, RefundState("re_1", "failed"), at=NOON + 2 * DAY)
        found = up_to(customer, NOON + 2 * DAY)
        assert [line.kind for line in found.lines] == [Kind.BOUGHT, Kind.REFUNDED, Kind.REFUND_FAILED]
        assert found.closing == Stand(free=600)

    def test_what_was_not_paid_yet_is_said_until_it_is(self):
        customer = build.customer()
        build.lot(customer, hours=1)
        pay(keep(customer, 60), 180)
        found = up_to(customer, NOON + 9 * DAY)
        assert found.closing == Stand(used=60, owed=120)
        assert words.last_words(found) == [
            "U moet nog 2 uur met cheques betalen. Dat gaat vanzelf als u weer cheques koopt."
        ]
        build.lot(customer, hours=5, at=NOON + 10 * DAY)
        settled = up_to(customer, NOON + 10 * DAY)
        assert settled.closing == Stand(free=180, used=180)
        assert up_to(customer, NOON + 9 * DAY) == found

    def test_a_visit_that_was_taken_back_is_kept_aside_again(self):
        customer = build.customer()
        build.lot(customer, hours=2)
        hold = keep(customer, 120)
        pay(hold, 120)
        with transaction.atomic():
            reversing.take_back(hold.pk, key="visit:1", at=NOON + 9 * DAY)
        found = up_to(customer, NOON + 9 * DAY)
        assert [line.kind for line in found.lines] == [Kind.BOUGHT, Kind.KEPT, Kind.USED, Kind.UNDONE]
        assert (found.lines[-1].minutes, found.lines[-1].cents) == (120, 20_00)
        assert found.closing == Stand(held=120)

    def test_given_and_received(self):
        giver, mother = build.customer(), build.customer()
        bound = purpose(giver, kind="gift")
        paid(bound)
        give(bound, mother)
        assert [line.kind for line in up_to(giver, NOON).lines] == [Kind.BOUGHT, Kind.GIVEN]
        (got,) = up_to(mother, NOON).lines
        assert words.say(got, {}) == "Gekregen: Schoon bij verhuizing."


def a_full_life():
    """Return a customer to whom nearly everything happened, and when it was over."""
    customer = build.customer(kind="firm")
    first = build.lot(customer, hours=10, payment_intent_id="pi_1")
    pay(keep(customer, 180), 120)
    refunds.request(first.pk, minutes=60, form_key=uuid4(), by=build.owner_of(customer), at=NOON + 9 * DAY)
    hold = keep(customer, 240, key="booking:2", at=NOON + 9 * DAY, start=NOON + 20 * DAY)
    pay(hold, 300, key="visit:2", at=NOON + 21 * DAY, start=NOON + 20 * DAY)
    with transaction.atomic():
        reversing.take_back(hold.pk, key="visit:2", at=NOON + 22 * DAY)
    dispute = Dispute("du_1", "pi_1", 100_00, "lost", "")
    chargebacks.settle(dispute, at=NOON + 23 * DAY)
    pay(hold, 300, key="visit:2", at=NOON + 24 * DAY, start=NOON + 20 * DAY)
    second = build.lot(customer, hours=8, at=NOON + 30 * DAY)
    expiring.extend(second.pk, by=build.owner_of(customer), at=second.expires_at - 5 * DAY)
    second.refresh_from_db()
    expiry.expire_due(at=second.expires_at + DAY)
    return customer, second.expires_at + 2 * DAY


def test_every_moment_says_what_the_wallet_said_then_and_every_period_adds_up():
    customer, end = a_full_life()
    moments = sorted({NOON - DAY, end, *Movement.objects.values_list("at", flat=True)})
    edges = [moment + statement.MOMENT for moment in moments]
    whole = statement.of(customer.pk, Period(BEGIN, EVER))
    assert {Kind.UNDONE, Kind.CANCELLED, Kind.OWED, Kind.SETTLED, Kind.EXTENDED, Kind.EXPIRED} <= {
        line.kind for line in whole.lines
    }
    for number, start in enumerate(edges):
        for stop in edges[number + 1 :]:
            found = statement.of(customer.pk, Period(start, stop))
            for name in FIGURES:
                changes = sum(getattr(line.change, name) for line in found.lines)
                assert getattr(found.opening, name) + changes == getattr(found.closing, name), name
            assert found.opening == statement.of(customer.pk, Period(BEGIN, start)).closing
    assert whole.closing == now(customer, end)
    assert (
        min(
            min(getattr(statement.of(customer.pk, Period(BEGIN, edge)).closing, name) for name in FIGURES)
            for edge in edges
        )
        >= 0
    )


class TestOnPaper:
    @pytest.mark.parametrize("language", ["nl", "en"])
    def test_is_a_letter_that_everybody_can_read(self, language):
        build.organisation(phone="0761234567")
        customer = build.customer()
        build.lot(customer, hours=10)
        pay(keep(customer, 180), 120)
        found = statement.of_year(customer.pk, 2026, at=NOON + 30 * DAY)
        made = statement_pdf.render(found, customer, services={"cleaning": "Ramen"}, language=language)
        assert made == statement_pdf.render(
            found, customer, services={"cleaning": "Ramen"}, language=language
        )
        read = PdfReader(BytesIO(made))
        text = " ".join(" ".join(one.extract_text() for one in read.pages).split())
        assert "<pdfuaid:part>1</pdfuaid:part>" in read.xmp_metadata.stream.get_data().decode()
        for part in (
            "Fatma Yilmaz",
            f"Lindestraat {customer.address.house_number}",
            "4818CK Breda",
            "Ramen",
            "0761234567",
        ):
            assert part in text
        assert {"nl": "Overzicht van uw cheques in 2026", "en": "Your cheques in 2026"}[language] in text
