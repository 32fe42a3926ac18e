"""The counter, and hours given to others, in a real browser: phone and desk."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from playwright.sync_api import Page

from cheques import drawer, paper, sponsoring
from cheques.models import Order, Purpose
from identity import clock
from identity.models import User
from marketplace import coaching
from tests import build
from tests.browser.conftest import faults
from tests.build import NOON
from tests.cheques.test_sponsoring import UNTIL, paid, purpose

pytestmark = pytest.mark.browser


@pytest.fixture
def world(committed_db) -> dict[str, User]:
    """A desk that sold and counted, a giver, a receiver with a coach, and a sponsor."""
    here = build.neighbourhood()
    build.postcode()
    build.service()
    clerk = build.member("desk", where=here)
    made = paper.print_some(5, neighbourhood_id=here.pk, by=clerk, at=NOON)
    paper.sell(
        [made[0].serial, made[1].serial], neighbourhood_id=here.pk, form_key=uuid4(), by=clerk, at=NOON
    )
    drawer.count(here.pk, counted_cents=18_00, banked_cents=10_00, words="wisselgeld", by=clerk, at=NOON)
    giver, starter = build.customer(), build.customer(phone="+31612345678")
    paid(purpose(giver, kind="gift"))
    firm = build.customer(kind="firm")
    bound = purpose(firm, kind="starter", services=["coaching"], customer_ids=[starter.pk])
    paid(bound)
    sponsoring.give(bound.pk, starter.pk, minutes=300, form_key=uuid4(), by=clerk, at=NOON)
    coach = coaching.certify(
        "Ali", certificate="Q-12", certified_until=UNTIL, rate_cents=60_00, by=clerk, at=NOON
    )
    coaching.note(
        starter.pk, coach_id=coach.pk, minutes=90, start_at=NOON, form_key=uuid4(), by=clerk, at=NOON
    )
    limits = sponsoring.Limits(NOON.date(), UNTIL, services=["cleaning"])
    sponsoring.order_for(
        firm.pk, name="Mantelzorgers", kind="sponsored", limits=limits, public_money=True, hours=20, form_key=uuid4(),
        way=Order.Way.TRANSFER, by=clerk, at=NOON,
    )  # fmt: skip
    paper.sell_to(starter.pk, hours=2, form_key=uuid4(), by=clerk, at=NOON)
    return {
        "clerk": clerk, "giver": build.owner_of(giver), "starter": build.owner_of(starter),
        "coordinator": build.member("coordinator", where=here), "treasurer": build.member("treasurer"),
    }  # fmt: skip


@pytest.fixture
def open_as(open_page: Callable[..., Page], world: dict[str, User]) -> Callable[..., Page]:
    """Open a page as one of them."""

    def opened(who: str, path: str, width: int) -> Page:
        clock.shift_to(NOON)
        return open_page(path, by=world[who], width=width)

    return opened


@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_is_wrong_with_the_pages(open_as, shoot, world, width):
    customer = world["starter"].customer_parts.get().customer
    gift = gift_of(world["giver"])
    pages = [
        ("clerk", "counter", "/kantoor/balie/"), ("clerk", "print", "/kantoor/balie/drukken/"),
        ("clerk", "sell", "/kantoor/balie/verkopen/"), ("clerk", "block", "/kantoor/balie/blokkeren/"),
        ("clerk", "count", "/kantoor/balie/kas/"), ("clerk", "turn-in", f"/kantoor/klanten/{customer.ref}/inleveren/"),
        ("clerk", "found", "/kantoor/klanten/?q=fatma"), ("giver", "gifts", "/mijn/geven/"),
        ("giver", "gift-new", "/mijn/geven/nieuw/"), ("giver", "gift-give", f"/mijn/geven/{gift}/"),
        ("starter", "coaching", "/mijn/geven/"), ("starter", "wallet", "/mijn/cheques/"),
        ("coordinator", "sponsors", "/kantoor/sponsors/"), ("coordinator", "sponsor-new", f"/kantoor/sponsors/van/{customer.ref}/"),
    ]  # fmt: skip
    for who, name, path in pages:
        page = open_as(who, path, width)
        shoot(page, f"counter-{name}-{width}")
        assert not faults(page), name
        assert page.locator("h1").count() == 1, name
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name


def gift_of(giver: User) -> str:
    """Return the gift that was made above."""
    return Purpose.objects.get(sponsor__members__user=giver).ref
