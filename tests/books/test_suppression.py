"""Hidden counts cannot be had back: not from totals, not by who knows the rule."""

from collections import defaultdict
from itertools import permutations, product

from hypothesis import given
from hypothesis import strategies as some

from books.suppression import shield

COUNTS = some.dictionaries(some.sampled_from("abcdef"), some.integers(0, 40), min_size=1)


def test_a_small_count_is_hidden_with_a_large_one_beside_it():
    shown = shield({"a": 3, "b": 50, "c": 12}, order="cb".index)
    assert shown.cells == {"a": None, "b": 50, "c": None}


def test_a_zero_and_a_large_count_are_shown():
    shown = shield({"a": 0, "b": 10})
    assert (shown.cells, shown.total) == ({"a": 0, "b": 10}, 10)


def test_which_large_one_does_not_depend_on_its_size():
    counts = {"a": 1, "b": 1, "c": 30, "d": 20}
    hidden = {name for name, count in shield(counts).cells.items() if count is None}
    swapped = {name for name, count in shield({**counts, "c": 20, "d": 30}).cells.items() if count is None}

    assert len(hidden) == 3
    assert hidden == swapped


def test_a_total_under_ten_is_hidden_too():
    shown = shield({"a": 4, "b": 0})
    assert (shown.cells, shown.total) == ({"a": None, "b": 0}, None)


@given(COUNTS)
def test_no_small_count_is_shown_and_no_total_gives_one_away(counts):
    shown = shield(counts)
    hidden = [name for name, count in shown.cells.items() if count is None]

    assert all(count == 0 or count >= 10 for count in shown.cells.values() if count is not None)
    if hidden and shown.total is not None:
        rest = shown.total - sum(count for count in shown.cells.values() if count is not None)
        assert len(hidden) >= 2
        assert rest == sum(counts[name] for name in hidden) >= 10


def test_who_knows_the_rule_still_cannot_tell_a_hidden_count():
    """Every table of three cells up to 40 in all: what is published fits at least two values of each hidden cell."""
    behind = defaultdict(set)
    for counts in product(range(41), repeat=3):
        if sum(counts) > 40:
            continue
        for order in permutations("abc"):
            shown = shield(dict(zip("abc", counts, strict=True)), order=order.index)
            behind[tuple(shown.cells.values()), shown.total].add(counts)

    given_away = [
        (published, place)
        for published, tables in behind.items()
        for place in range(3)
        if published[0][place] is None and len({table[place] for table in tables}) < 2
    ]
    assert given_away == []
