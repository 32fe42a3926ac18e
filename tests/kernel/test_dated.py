from datetime import date

import pytest

from kernel.dated import Dated, NothingInForce, Since
from kernel.errors import Refused

WAGE = Dated(
    Since(date(2026, 1, 1), 14_71, "first", until=date(2026, 7, 1)),
    Since(date(2026, 7, 1), 14_99, "second", verified=True, confidence="H", until=date(2027, 1, 1)),
    name="minimum wage",
)


class TestOn:
    @pytest.mark.parametrize(
        ("day", "value"), [(date(2026, 1, 1), 14_71), (date(2026, 6, 30), 14_71), (date(2026, 7, 1), 14_99)]
    )
    def test_returns_the_value_of_the_day(self, day, value):
        assert WAGE.on(day) == value

    def test_says_so_before_the_first_row(self):
        with pytest.raises(LookupError, match="no minimum wage in force on 2025-12-31"):
            WAGE.on(date(2025, 12, 31))

    def test_never_uses_the_value_of_last_year(self):
        with pytest.raises(NothingInForce, match="the last one ended on 2027-01-01"):
            WAGE.on(date(2027, 1, 1))

    def test_the_gap_is_a_refusal_that_edges_show(self):
        with pytest.raises(Refused):
            WAGE.on(date(2027, 1, 1))

    def test_a_row_without_end_goes_on(self):
        assert Dated(Since(date(2018, 1, 1), 8, "law")).on(date(2090, 1, 1)) == 8

    def test_a_rule_may_stop_and_start_again(self):
        rule = Dated(
            Since(date(2024, 1, 1), "a", "law", until=date(2025, 1, 1)), Since(date(2026, 1, 1), "b", "law")
        )

        with pytest.raises(NothingInForce):
            rule.on(date(2025, 6, 1))
        assert rule.on(date(2026, 6, 1)) == "b"


class TestRows:
    def test_row_on_gives_the_source(self):
        row = WAGE.row_on(date(2026, 8, 1))
        assert (row.source, row.verified, row.confidence) == ("second", True, "H")

    def test_changes_lists_the_days_between(self):
        assert WAGE.changes(date(2026, 6, 15), date(2026, 7, 12)) == [date(2026, 7, 1)]
        assert WAGE.changes(date(2026, 7, 1), date(2026, 7, 12)) == []

    def test_days_must_ascend(self):
        with pytest.raises(ValueError, match="must ascend"):
            Dated(Since(date(2026, 7, 1), 1, "a"), Since(date(2026, 7, 1), 2, "b"))

    def test_a_row_may_not_start_before_the_last_one_ends(self):
        with pytest.raises(ValueError, match="starts before"):
            Dated(Since(date(2026, 1, 1), 1, "a", until=date(2026, 8, 1)), Since(date(2026, 7, 1), 2, "b"))

    def test_a_row_ends_after_it_starts(self):
        with pytest.raises(ValueError, match="cannot end"):
            Since(date(2026, 1, 1), 1, "a", until=date(2026, 1, 1))
