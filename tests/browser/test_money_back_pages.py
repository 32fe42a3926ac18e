"""Money back, write-offs, more cheques, closing and the blocked account in a real browser, at both widths."""

from collections.abc import Callable
from datetime import date, timedelta
from uuid import uuid4

import pytest
from playwright.sync_api import Page

from cheques import caps, chargebacks, invoicing, refunds
from cheques.models import Lot
from cheques.stripe_gateway import Dispute
from cheques.usage_models import UsageInvoice
from identity import clock
from identity.models import User
from tests import build
from tests.browser.conftest import faults
from tests.build import NOON
from tests.cheques.test_chargebacks import use

pytestmark = pytest.mark.browser
NOVEMBER = date(2026, 11, 1)


@pytest.fixture
def people(committed_db) -> dict[str, User]:
    """Make a refund of each kind, a lost dispute, a wish for more cheques, and invoices with a blocked part."""
    customer = build.customer(name="Fatma Yilmaz")
    lot = build.lot(customer, hours=40)
    owner = build.owner_of(customer)
    refunds.request(lot.pk, minutes=25 * 60, form_key=uuid4(), by=owner, at=NOON)
    small = refunds.request(lot.pk, minutes=120, form_key=uuid4(), by=owner, at=NOON)
    refunds.send(small.pk, at=NOON)
    refunds.request(lot.pk, minutes=60, form_key=uuid4(), by=owner, at=NOON)
    taken = build.customer(name="Jan de Vries", where=customer.neighbourhood)
    build.lot(taken, hours=10, payment_intent_id="pi_1")
    use(taken, 4)
    chargebacks.settle(Dispute("du_1", "pi_1", 100_00, "lost", ""), at=NOON)
    other = build.customer(name="Mia Jansen", where=customer.neighbourhood)
    build.lot(other, hours=10, payment_intent_id="pi_2")
    use(other, 2, key="visit:2")
    asked = chargebacks.settle(Dispute("du_2", "pi_2", 100_00, "lost", ""), at=NOON)
    chargebacks.ask_write_off(asked.pk, reason="Onbekend verhuisd", by=owner, at=NOON)
    caps.ask_for_more(customer.pk, hours=50, reason="Kan zelf niet schoonmaken", by=owner, at=NOON)
    row = caps.ask_for_more(other.pk, hours=20, reason="Groot gezin", by=owner, at=NOON)
    caps.agree(row.pk, by=build.user("Piet"), at=NOON)
    firm = build.firm(contract_price_cents=50_00, g_iban="NL69INGB0123456789")
    build.bought(firm, hours=200)
    UsageInvoice.objects.create(
        year=2026, number=1, customer=firm, month=NOVEMBER, issued_on=NOVEMBER, made_at=NOON, gross_cents=50_00, vat_cents=5_95,
        rates=[{"rate": "0.09", "minutes": 180, "gross_cents": 30_00, "vat_cents": 2_48},
               {"rate": "0.21", "minutes": 120, "gross_cents": 20_00, "vat_cents": 3_47}],
        seller=invoicing.seller(), buyer=invoicing.buyer(firm),
    )  # fmt: skip
    return {
        "resident": owner, "firm": build.owner_of(firm), "treasurer": build.member("treasurer"), "auditor": build.member("auditor"),
        "desk": build.member("desk", where=customer.neighbourhood),
    }  # fmt: skip


@pytest.fixture
def open_as(open_page: Callable[..., Page], people: dict[str, User]) -> Callable[..., Page]:
    """Open a page as one of the people, in a language."""

    def opened(who: str, path: str, language: str, **like: object) -> Page:
        clock.shift_to(NOON + timedelta(days=30))
        return open_page(path, by=people[who], language=language, **like)

    return opened


def paths(people: dict[str, User]) -> list[tuple[str, str, str]]:
    customer = people["resident"].customer_parts.get().customer
    lot = Lot.objects.get(wallet__customer=customer)
    return [
        ("resident", "refund", f"/mijn/cheques/{lot.ref}/terug/?uren=3"), ("resident", "wallet", "/mijn/cheques/"),
        ("resident", "statement", "/mijn/cheques/overzicht/?jaar=2026"), ("firm", "statement", "/mijn/cheques/overzicht/"),
        ("resident", "people", "/mijn/wie/"), ("treasurer", "refunds", "/kantoor/geld-terug/"),
        ("treasurer", "closing", "/kantoor/afsluiten/?dag=2026-11-30"), ("treasurer", "more", "/kantoor/meer-cheques/"),
        ("treasurer", "blocked", "/kantoor/debiteuren/g-rekening/?jaar=2026"),
        ("treasurer", "usage", "/kantoor/debiteuren/gebruik/"), ("firm", "used", "/mijn/bedrijf/"),
        ("desk", "ask-more", f"/kantoor/klanten/{customer.ref}/meer-cheques/"),
        ("desk", "customer-refund", f"/kantoor/klanten/{customer.ref}/terugbetalen/"),
    ]  # fmt: skip


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("width", [390, 1280])
def test_has_no_faults_and_fits(open_as, shoot, people, width, language):
    for who, name, path in paths(people):
        page = open_as(who, path, language, width=width)
        shoot(page, f"back-{who}-{name}-{width}-{language}")
        assert page.locator("h1").count() == 1, name
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
        assert faults(page) == [], name
