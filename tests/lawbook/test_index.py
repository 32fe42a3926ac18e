from datetime import date, timedelta
from importlib import import_module
from pkgutil import iter_modules

import pytest

import lawbook
from kernel.dated import NothingInForce
from lawbook import index
from lawbook.rule import BOOKS_BEGIN, Rule
from lawbook.subsidies import LKS_CAP

NOVEMBER = date(2026, 11, 25)


class TestRules:
    def test_every_rule_of_every_chapter_is_in_the_list_once(self):
        found = set()
        for chapter in iter_modules(lawbook.__path__):
            for value in vars(import_module(f"lawbook.{chapter.name}")).values():
                if isinstance(value, Rule):
                    found.add(id(value))

        listed = [id(rule) for rule in index.RULES.values()]
        assert found <= set(listed)
        assert len(listed) == len(set(listed))
        assert len(listed) > 50

    def test_each_has_a_sentence_a_unit_and_rows_with_a_source(self):
        for key, rule in index.RULES.items():
            assert rule.nl.endswith("."), key
            assert rule.rows, key
            assert all(row.source and row.confidence for row in rule.rows), key

    def test_keys_name_chapter_and_rule(self):
        assert index.RULES["subsidies.lks_cap"] is LKS_CAP
        assert "wages.cleaning-1-1" in index.RULES

    def test_names_are_not_shared(self):
        names = [rule.name for rule in index.RULES.values()]
        assert len(names) == len(set(names))


class TestInForce:
    def test_gives_one_row_at_most_of_each_rule_and_the_one_that_on_gives(self):
        for day in (BOOKS_BEGIN, date(2025, 7, 1), NOVEMBER, date(2027, 6, 1)):
            entries = index.in_force(day)

            assert len({entry.key for entry in entries}) == len(entries)
            assert all(entry.rule.row_on(day) is entry.row for entry in entries)
            assert {entry.key for entry in entries} | set(index.silent_on(day)) == set(index.RULES)

    def test_a_silent_rule_refuses_to_answer(self):
        silent = index.silent_on(date(2027, 1, 1))

        assert {"wages.minimum_wage_cents", "wages.reference_month_cents", "premiums.zvw"} <= set(silent)
        for key in silent:
            with pytest.raises(NothingInForce):
                index.RULES[key].on(date(2027, 1, 1))


class TestUnverified:
    def test_lists_what_nobody_read_and_leaves_out_what_was_read_or_is_over(self):
        listed = {(entry.key, entry.row.day) for entry in index.unverified(NOVEMBER)}

        assert ("subsidies.lks_compensation", date(2018, 1, 1)) in listed
        assert ("wages.youth_shares", date(2027, 1, 1)) in listed
        assert ("wages.minimum_wage_cents", date(2026, 7, 1)) not in listed
        assert ("wages.minimum_wage_cents", date(2026, 1, 1)) not in listed
        assert ("subsidies.lks_cap", BOOKS_BEGIN) not in listed


class TestEndingWithin:
    def test_finds_the_minimum_wage_that_ends_without_a_next_one(self):
        ending = {entry.key for entry in index.ending_within(NOVEMBER, 60)}

        assert {"wages.minimum_wage_cents", "premiums.awf_low", "benefits.norm_single_cents"} <= ending

    def test_leaves_out_what_has_a_next_row_or_ends_later(self):
        assert "wages.youth_shares" not in {entry.key for entry in index.ending_within(NOVEMBER, 60)}
        assert "wages.minimum_wage_cents" not in {entry.key for entry in index.ending_within(NOVEMBER, 36)}
        assert "wages.minimum_wage_cents" in {entry.key for entry in index.ending_within(NOVEMBER, 37)}

    def test_says_nothing_about_a_row_that_was_followed_up(self):
        end_of_june = date(2026, 7, 1) - timedelta(days=10)
        ending = {entry.key for entry in index.ending_within(end_of_june, 60)}

        assert "wages.minimum_wage_cents" not in ending
        assert "wages.cleaning-1-1" in ending
