"""Social return and fair competition in a real browser, on a phone and on a desk, in both languages."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page

from identity import clock
from identity.models import User
from kernel.periods import Period
from subsidies import fair_competition, keeping, social_duty
from subsidies.benefit_models import Benefit
from subsidies.models import SocialContract
from tests import build, build_pay, build_work
from tests.browser.conftest import assert_sound
from tests.build import NOON
from tests.subsidies.claimed import paid

pytestmark = pytest.mark.browser


@pytest.fixture
def people(committed_db) -> dict[str, User]:
    """Make a month that is paid, a contract with somebody on it, and a row of everything."""
    officer, day = build.member("payroll"), date(2026, 11, 2)
    paid(officer, date(2026, 11, 1), 17)
    firm = build.firm(contract_price_cents=20_00, below_floor_reason="Proef met de gemeente")
    by = {"by": officer, "at": NOON}
    contract = social_duty.agree(
        customer=firm, municipality=build.municipality(), number="SR-2026-7", sum_cents=1_000_000_00,
        days=Period(date(2026, 7, 1), date(2027, 1, 1)), **by,
    )  # fmt: skip
    samira = build_work.worker("Samira B.")
    social_duty.place(
        contract.pk, worker_id=samira.pk, category="participatiewet", week_minutes=24 * 60,
        days=Period(date(2026, 7, 1), date(2027, 1, 1)), proof="urenlijst", **by,
    )  # fmt: skip
    social_duty.import_table(
        build.municipality(), text="participatiewet;40000\nbbl;35000", from_on=date(2026, 1, 1), letter="T-1", **by
    )  # fmt: skip
    for cents in (15_00, 17_50, 21_00):
        fair_competition.note_price(
            build.service(), kind="resident", cents=cents, on=day, source="website", **by
        )
    fair_competition.refuse_work(
        "Bouw BV", service=build.service(), why="staff", words="Dit doet de conciërge van het pand.", on=day, **by
    )  # fmt: skip
    fair_competition.note_aid(None, giver="Gemeente", cents=12_000_00, on=day, letter="S-1", **by)
    build_pay.worker_file(samira)
    keeping.note(samira.pk, keeping.Facts(keeping.SINGLE, date(2026, 10, 1)), **by)
    return {
        "officer": officer,
        "worker": samira.user,
        "coordinator": build.member("coordinator", where=build.neighbourhood()),
    }


@pytest.fixture
def open_as(open_page: Callable[..., Page], people: dict[str, User]) -> Callable[..., Page]:
    """Open a page as one of the people, in a language."""

    def opened(who: str, path: str, language: str, width: int) -> Page:
        clock.shift_to(NOON + timedelta(days=30))
        return open_page(path, by=people[who], language=language, width=width)

    return opened


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("width", [390, 1280])
def test_has_no_faults_and_fits(open_as, shoot, width, language):
    ref = SocialContract.objects.get().ref
    pages = [
        ("officer", "duties", "/kantoor/social-return/"), ("officer", "duty", f"/kantoor/social-return/{ref}/"),
        ("officer", "duty-who", f"/kantoor/social-return/{ref}/iemand/"), ("officer", "duty-table", "/kantoor/social-return/tabel/"),
        ("officer", "fair", "/kantoor/concurrentie/?periode=2026-4"), ("officer", "fair-list", "/kantoor/concurrentie/nieuw/vragenlijst/"),
        ("worker", "keep", "/werk/houden/?uren=10"), ("officer", "benefits", "/kantoor/uitkering/"),
        ("officer", "benefit", f"/kantoor/uitkering/{Benefit.objects.get().worker.ref}/"),
        ("officer", "measure", "/kantoor/meten/"),
        ("officer", "outflow", f"/kantoor/meten/{Benefit.objects.get().worker.ref}/"),
        ("coordinator", "fair-refused", "/kantoor/concurrentie/geweigerd/"),
    ]  # fmt: skip
    for who, name, path in pages:
        page = open_as(who, path, language, width)
        shoot(page, f"{name}-{width}-{language}")
        assert_sound(page, name)
