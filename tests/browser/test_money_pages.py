"""The pages of money in a real browser, on a phone and on a desk, in both languages."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from playwright.sync_api import Page

from bank import importing
from cheques import bank_matching, purchase
from cheques.models import Order
from identity import clock
from identity.models import Customer, CustomerMember, User
from tests import build
from tests.bank.statement import OUR_IBAN, details, entry, file, statement
from tests.browser.conftest import assert_sound
from tests.build import NOON

pytestmark = pytest.mark.browser


@pytest.fixture
def people(committed_db) -> dict[str, User]:
    """Make an order that waits for its money, and lines that wait for a name."""
    build.organisation(iban=OUR_IBAN, phone="076 123 45 67")
    customer = build.customer()
    order = transfer_of(customer)
    paid = transfer_of(customer)
    lines = [
        (77_00, "huur november"),
        (100_00, order.transfer_reference[:-1]),
        (120_00, paid.transfer_reference),
    ]
    entries = [
        entry(cents, ref=f"R{place}", details=details(cents, words=words, who="<Dbtr><Nm>F. Yilmaz</Nm></Dbtr>"))
        for place, (cents, words) in enumerate(lines)
    ]  # fmt: skip
    body = file(statement(*entries, opening=0, closing=sum(cents for cents, _words in lines)))
    importing.import_file(body, own_iban=OUR_IBAN, by_id=None, at=NOON)
    bank_matching.match_open_lines(at=NOON)
    firm = build.firm(contract_price_cents=20_00, below_floor_reason="Proef met de gemeente")
    build.bought(firm, hours=40, at=NOON - timedelta(days=50))
    build.bought(firm, hours=20)
    build.bought(
        firm, hours=80, by=build.colleague(firm, "booker", per_order_cents=100_00), purchase_order="PO-31"
    )
    return {
        "resident": build.owner_of(customer), "officer": build.member("payroll"), "firm": build.owner_of(firm),
    }  # fmt: skip


def transfer_of(customer: Customer) -> Order:
    return purchase.place_order(
        customer.pk, hours=10, way=Order.Way.TRANSFER, form_key=uuid4(), by=build.owner_of(customer), at=NOON
    )


@pytest.fixture
def open_as(open_page: Callable[..., Page], people: dict[str, User]) -> Callable[..., Page]:
    """Open a page as one of the people, in a language."""

    def opened(who: str, path: str, language: str, **like: object) -> Page:
        clock.shift_to(NOON + timedelta(days=30))
        return open_page(path, by=people[who], language=language, **like)

    return opened


def paths() -> dict[str, list[tuple[str, str]]]:
    waiting = Order.objects.filter(state=Order.State.OPEN, way=Order.Way.TRANSFER).first()
    booker = CustomerMember.objects.get(part=CustomerMember.Part.BOOKER)
    return {
        "resident": [("buy-ways", "/mijn/kopen/"), ("transfer", f"/mijn/kopen/{waiting.ref}/")],
        "firm": [
            ("account", "/mijn/bedrijf/"),
            ("order", "/mijn/bedrijf/bestellen/"),
            ("people", "/mijn/wie/"),
            ("limit", f"/mijn/wie/{booker.user.ref}/"),
        ],
        "officer": [
            ("bank-queue", "/kantoor/bank/"),
            ("debtors", "/kantoor/debiteuren/"),
            ("terms", f"/kantoor/debiteuren/{booker.customer.ref}/"),
        ],
    }


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("who", ["resident", "officer", "firm"])
def test_has_no_faults_and_fits(open_as, shoot, who, width, language):
    for name, path in paths()[who]:
        page = open_as(who, path, language, width=width)
        shoot(page, f"{who}-{name}-{width}-{language}")
        assert_sound(page, name)


def _press_enter(page):
    page.locator("button:focus").wait_for()  # the browser gives it the focus when the page is drawn
    page.keyboard.press("Enter")


def test_enter_works_through_the_queue(open_as):
    page = open_as("officer", "/kantoor/bank/", "nl", width=1280)
    assert page.get_by_text("3 regels wachten.").is_visible()
    _press_enter(page)
    page.get_by_text("2 regels wachten.").wait_for()
    _press_enter(page)
    page.get_by_text("1 regel wacht.").wait_for()
