"""Lists as a spreadsheet gives them: read to the cent, or refused with the line."""

from datetime import date
from decimal import Decimal

import pytest

from opening import lists

GOOD = "Fatma@example.org; Fatma Yilmaz; 4818 CK; 12; 7,5; 10,00; bij gebruik; 31-12-2026"


def test_reads_a_lot():
    (one,) = lists.cheques(f"\n{GOOD}\n")
    assert (one.line, one.email, one.minutes, one.price_cents) == (2, "fatma@example.org", 450, 1000)
    assert (one.vat_kind, one.last_day) == ("mpv", date(2026, 12, 31))


def test_reads_tabs_as_a_spreadsheet_pastes_them():
    assert lists.cheques(GOOD.replace("; ", "\t")) == lists.cheques(GOOD)


def test_reads_leave_to_the_minute_and_money_to_the_cent():
    (one,) = lists.workers("w@example.org;42,75;1.310,25")
    assert (one.leave_minutes, one.holiday_cents) == (42 * 60 + 45, 1310_25)


def test_reads_a_decision():
    measured, forfait = lists.awards(
        "w@example.org; Breda; gemeten; 42,5%; 24; 1-2-2025; ; K-1\nv@example.org; Breda; Forfait; ; 24; 2026-11-01; 30-04-2027; K-2"
    )
    assert (measured.wage_value, measured.week_minutes, measured.last_day) == (Decimal("42.5"), 1440, None)
    assert (forfait.route, forfait.wage_value, forfait.last_day) == ("forfait", None, date(2027, 4, 30))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("7,5", "7,6"), "kwartieren"),
        (("7,5", "-3"), "geen getal"),
        (("7,5", "0"), "nul uur"),
        (("7,5", "99999"), "geen aantal uren"),
        (("10,00", "10,01"), "deelbaar door 4"),
        (("10,00", "tien"), "geen getal"),
        (("bij gebruik", "6%"), "de btw is"),
        (("31-12-2026", "31-02-2026"), "geen dag"),
        (("Fatma@example.org", "fatma"), "geen e-mailadres"),
        (("Fatma Yilmaz", ""), "naam ontbreekt"),
        ((" 12;", ""), "hier horen 8 vakken"),
        (("7,5", "1e9"), "geen getal"),
        (("7,5", "٣"), "geen getal"),
    ],
)
def test_names_the_line_and_what_is_wrong(change, said):
    with pytest.raises(lists.NotABalance, match=rf"Regel 2: .*{said}"):
        lists.cheques(f"{GOOD}\n{GOOD.replace(*change)}")


def test_refuses_an_amount_with_half_cents():
    with pytest.raises(lists.NotABalance, match="geen bedrag"):
        lists.workers("w@example.org;1;10,005")


def test_refuses_an_endless_list():
    with pytest.raises(lists.NotABalance, match="te lang"):
        lists.workers("x\n" * 5001)
