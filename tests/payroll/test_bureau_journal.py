"""The second bureau's files: the same facts in another layout, and every mistake named."""

import json
from datetime import date

import pytest
from django.core.exceptions import ImproperlyConfigured

from payroll import bureau, bureau_journal, bureau_layouts
from payroll.bureau_format import ANSWER, Gross, Net, WrongAnswer
from tests import build, build_pay
from tests.build import NOON

NOVEMBER, OCTOBER = date(2026, 11, 1), date(2026, 10, 1)
GOOD = {"id": "w1", "gross": "100.00", "tax": "15.00", "premium": "5.00", "net": "80.00"}


def journal(*people: object, run: str = "r1") -> bytes:
    return json.dumps({"format": "wage-journal/2", "run": run, "employees": people}).encode()


def row(month: date, cents: int, worker: str = "w1") -> Gross:
    return Gross("r1", worker, "123456782", date(1990, 5, 31), month, cents, 400, "fixed", 500)


def test_writes_a_worker_once_with_each_month_inside():
    written = json.loads(
        bureau_journal.write([row(OCTOBER, -7), row(NOVEMBER, 100_00), row(NOVEMBER, 5, "w2")])
    )

    assert [person["id"] for person in written["employees"]] == ["w1", "w2"]
    assert [(one["month"], one["gross"]) for one in written["employees"][0]["months"]] == [
        ("2026-10", "-0.07"), ("2026-11", "100.00"),
    ]  # fmt: skip
    assert written["employees"][0]["months"][0]["ofWhichHolidayAllowance"] == "5.00"


def test_reads_euros_to_the_cent():
    assert bureau_journal.read(journal(GOOD)) == [Net(1, "r1", "w1", 100_00, 20_00, 80_00)]


@pytest.mark.parametrize(("body", "says"), [
    (b"\xff", "geen loonjournaal"), (b"[]", "geen loonjournaal"), (b"{}", "geen loonjournaal"),
    (journal(GOOD, 7), "medewerker 2"), (journal({**GOOD, "net": 80}), "medewerker 1.*80"),
    (journal({**GOOD, "tax": "15,00"}), "15,00"), (journal({**GOOD, "net": "-80.00"}), "-80.00"),
    (journal({key: value for key, value in GOOD.items() if key != "premium"}), "premium"),
])  # fmt: skip
def test_names_who_is_wrong(body, says):
    with pytest.raises(WrongAnswer, match=says):
        bureau_journal.read(body)


def test_a_bureau_nobody_speaks_is_a_mistake_of_the_installation(settings):
    settings.BUREAU_LAYOUT = "fax"
    with pytest.raises(ImproperlyConfigured, match="csv, json"):
        bureau_layouts.current()


def as_layout(layout: str, run, rows) -> bytes:
    """Return an answer of rows of worker, gross, withheld, net in cents."""
    if layout == "csv":
        lines = [f"{run.ref};{ref};{gross};{tax};0;{net}" for ref, gross, tax, net in rows]
        return "\n".join([";".join(ANSWER), *lines]).encode()
    people = [
        {"id": ref, "gross": f"{gross / 100:.2f}", "tax": f"{tax / 100:.2f}", "premium": "0.00", "net": f"{net / 100:.2f}"}
        for ref, gross, tax, net in rows
    ]  # fmt: skip
    return journal(*people, run=run.ref)


@pytest.mark.django_db
@pytest.mark.parametrize("layout", ["csv", "json"])
@pytest.mark.parametrize(("change", "says"), [
    (lambda rows: rows, ""), (lambda rows: rows[:1], "vergat: {1}"), (lambda rows: [*rows, rows[0]], "{0} twee keer"),
    (lambda rows: [(rows[0][0], 101_00, 21_00, 80_00), rows[1]], "veranderde het bruto van {0}"),
    (lambda rows: [rows[0], (rows[1][0], 100_00, 19_99, 80_00)], "Van {1} kloppen"),
    (lambda rows: [*rows, ("stranger", 1, 0, 1)], "stranger"),
])  # fmt: skip
def test_what_does_not_agree_names_the_worker_and_books_nothing(settings, layout, change, says):
    settings.BUREAU_LAYOUT = layout
    run = build_pay.fixed_run(100_00, 100_00)
    refs = list(run.payslips.order_by("pk").values_list("worker__ref", flat=True))
    body = as_layout(layout, run, change([(ref, 100_00, 20_00, 80_00) for ref in refs]))
    if not says:
        assert bureau.take_net(run.pk, body, by=build.user(), at=NOON).state == "netted"
        return
    with pytest.raises(WrongAnswer, match=says.format(*refs)):
        bureau.take_net(run.pk, body, by=build.user(), at=NOON)
    assert set(run.payslips.values_list("net_cents", flat=True)) == {None}
