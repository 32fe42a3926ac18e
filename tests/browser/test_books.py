"""The hour and the pages of the books, in a real browser, as the treasurer and the auditor see them."""

import pytest

from identity import clock
from payroll.models import Payslip
from tests import build, build_books
from tests.browser.conftest import assert_sound
from tests.build_books import DECEMBER

pytestmark = pytest.mark.browser


@pytest.fixture
def pages(committed_db) -> dict[str, str]:
    """Make a month of which everything is there, and say where its pages are."""
    month = build_books.month()
    row = month.visit.assignments.first()
    slip = Payslip.objects.get(worker=row.worker)
    return {
        "hour": f"/uur/{row.ref}/", "books": "/kantoor/boeken/", "order": f"/kantoor/boeken/bestelling/{month.order.ref}/",
        "lot": f"/kantoor/boeken/lot/{month.order.lot.ref}/", "payout": "/kantoor/boeken/uitbetaling/po_1/",
        "visit": f"/kantoor/boeken/bezoek/{month.visit.ref}/", "payslip": f"/kantoor/boeken/loonstrook/{slip.ref}/",
        "claim": f"/kantoor/boeken/aanvraag/{month.claim.ref}/",
    }  # fmt: skip


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("role", ["treasurer", "auditor"])
def test_have_no_faults_and_fit(pages, open_page, shoot, role, width):
    clock.shift_to(DECEMBER)
    somebody = build.member(role)
    for what, path in pages.items():
        page = open_page(path, by=somebody, width=width)
        shoot(page, f"{role}-{what}-{width}")
        assert_sound(page, what)
