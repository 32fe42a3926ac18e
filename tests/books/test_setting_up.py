"""The set-up list: what is open, and what it blocks."""

from datetime import date

import pytest

from books.setting_up import blocking, open_points
from identity.models import Membership
from tests import build, build_pay, build_work

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 2)


def codes() -> set[str]:
    return {point.code for point in open_points(TODAY)}


@pytest.fixture
def all_set(settings):
    """An organisation that can book, pay and claim."""
    settings.INBOX_URL, settings.CARD_PAYMENT = "http://inbox.example", True
    settings.BANK_URL = settings.BUREAU_URL = "http://outside.example"
    build.organisation(
        kvk="12345678", postcode="4818CK", wage_tax_number="123456789L01", vat_id="NL001234567B01"
    )
    build.service()
    build.postcode()
    for role in ("coordinator", "payroll", "treasurer"):
        build.member(role)
    worker = build_work.worker()
    build_pay.worker_file(worker)
    build_pay.award(worker)


def test_empty_books_block_everything():
    for what in ("booking", "pay_run", "claim"):
        assert blocking(TODAY, what)
    assert {
        "organisation",
        "iban",
        "municipality",
        "neighbourhood",
        "payroll",
        "treasurer",
        "workers",
        "awards",
    } <= codes()


def test_nothing_blocks_when_all_is_there(all_set):
    assert [point.code for point in open_points(TODAY) if point.blocks] == []


def test_a_second_neighbourhood_needs_its_postcodes_and_its_coordinator(all_set):
    Membership.objects.filter(role="coordinator").update(neighbourhood=build.neighbourhood())
    build.neighbourhood("Noord")

    assert codes() >= {"postcodes", "coordinator"}
    assert {"postcodes", "coordinator"} == {point.code for point in blocking(TODAY, "booking")}


def test_one_person_cannot_be_both_officer_and_treasurer(all_set):
    Membership.objects.filter(role="treasurer").update(user=Membership.objects.get(role="payroll").user)

    assert "treasurer" in {point.code for point in blocking(TODAY, "pay_run")}


def test_a_worker_without_a_file_blocks_the_pay_run_only(all_set):
    build_work.worker("Ali K.")

    assert [point.code for point in blocking(TODAY, "pay_run")] == ["worker_files"]
    assert blocking(TODAY, "booking") == []


def test_law_rows_that_nobody_read_are_counted(all_set):
    from lawbook.index import unverified

    found = [point for point in open_points(TODAY) if point.code == "law"]

    assert bool(found) == bool(unverified(TODAY))
    assert all(str(len(unverified(TODAY))) in point.sentence for point in found)
