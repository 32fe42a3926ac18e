"""References: check digits, and finding them back in what people and banks write."""

from random import Random
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import iso11649

from bank import references
from bank.references import BODY, Finder, in_groups, is_reference, new_reference, reference

bodies = st.integers(10 ** (BODY - 1), 10**BODY - 1).map(str)
OURS = "RF161786788769"
OTHER = reference("1234509876")


class TestReference:
    @given(bodies)
    def test_is_valid_by_the_standard(self, body):
        assert iso11649.is_valid(reference(body))
        assert is_reference(reference(body))

    @given(bodies, st.integers(0, BODY - 1), st.integers(1, 9))
    def test_one_wrong_digit_is_seen(self, body, place, more):
        wrong = str((int(body[place]) + more) % 10)
        assert not is_reference(reference(body)[:4] + body[:place] + wrong + body[place + 1 :])

    def test_is_random_and_says_what_it_is_for(self):
        made = {new_reference("1") for _ in range(50)}
        assert len(made) == 50
        assert all(one[4] == "1" and is_reference(one) for one in made)

    def test_is_read_in_groups(self):
        assert in_groups(OURS) == "RF16 1786 7887 69"


class TestExact:
    @pytest.mark.parametrize(
        "said",
        [
            OURS, "RF16 1786 7887 69", "rf16.1786-7887/69", "cheques  rf 16 1786\n788769 dank u", "1786788769",
            "RF16000001786788769", "RF99 1786 7887 69", "betaling 26-11 1786 788 769", "RF16 1786 78\r\n87 69",
        ],
    )  # fmt: skip
    def test_forgives(self, said):
        assert Finder([OURS, OTHER]).exact(said) == [OURS]

    def test_finds_several_in_their_order_each_once(self):
        said = f"{OTHER} en {in_groups(OURS)} en nog eens {OTHER}"
        assert Finder([OURS, OTHER]).exact(said) == [OTHER, OURS]

    @pytest.mark.parametrize("said", ["", "cheques", "RF16", "NL91ABNA0417164300", "RF16178678876"])
    def test_finds_nothing_in(self, said):
        assert Finder([OURS, OTHER]).exact(said) == []

    @given(st.lists(bodies, min_size=1, max_size=20, unique=True), st.data())
    def test_never_finds_another(self, known, data):
        meant = reference(data.draw(st.sampled_from(known)))
        gap = data.draw(st.sampled_from(["", " ", "-", "\n", "  "]))
        said = gap.join(meant)
        assert Finder(reference(body) for body in known).exact(said) == [meant]


class TestNear:
    @pytest.mark.parametrize(
        ("said", "fault"),
        [
            ("RF16 1786 7887 6", "Dit ontbreekt in het kenmerk: 9."),
            ("178678769", "Dit ontbreekt in het kenmerk: 8."),
            ("RF16 1786 8769", "Dit ontbreekt in het kenmerk: 7, 8."),
            ("RF16 1786 7881 69", "In het kenmerk staat 1 waar 7 hoort."),
            ("RF16 1768 7887 69", "In het kenmerk zijn twee cijfers verwisseld."),
            ("RF16 1786 70887 69", "In het kenmerk staat een 0 te veel."),
        ],
    )
    def test_names_what_is_missing_or_wrong(self, said, fault):
        near = Finder([OURS, OTHER]).near(said)
        assert near is not None
        assert (near.reference, near.fault) == (OURS, fault)

    def test_says_nothing_when_two_are_equally_near(self):
        assert Finder([reference("1000000001"), reference("1000000002")]).near("1000000003") is None

    def test_says_nothing_of_another_number(self):
        assert Finder([OURS]).near("NL91 ABNA 0417 1643 00 telefoon 0612345678") is None

    @given(st.lists(bodies, min_size=1, max_size=5, unique=True), st.data())
    def test_what_is_found_is_one_that_is_known(self, known, data):
        body = data.draw(st.sampled_from(known))
        lost = data.draw(st.integers(0, BODY - 1))
        near = Finder(reference(one) for one in known).near(body[:lost] + body[lost + 1 :])
        assert near is None or near.reference[4:] in known
        if len(known) == 1:
            assert near is not None


def test_finds_what_trying_every_damage_of_every_reference_finds():
    dice = Random(5)
    bodies = [f"{dice.choice('12')}{dice.randrange(10**9):09d}" for _number in range(300)]
    every: dict[str, set[tuple[str, str]]] = {}
    for body in bodies:
        for written, fault in references._damaged(body):
            every.setdefault(written, set()).add((body, references._said(fault)))
    finder = Finder(reference(body) for body in bodies)
    tried = [
        *dice.sample(sorted(every), 3000),
        *(f"{dice.randrange(10**10):010d}" for _number in range(200)),
    ]
    for text in tried:
        meant = {body for body, _said in every.get(text, ())}
        found = finder.near(text)
        if len(meant) == 1 and len(text) <= BODY:
            assert found is not None, text
            assert found.reference[4:] in meant
            assert (found.reference[4:], found.fault) in every[text]
        elif not meant and len(text) < BODY - 1:
            assert found is None, text


def test_ten_thousand_references_take_no_time():
    known = [reference(f"1{number * 7919 % 10**9:09d}") for number in range(10_000)]
    start = process_time()
    finder = Finder(known)
    for one in known[:40]:
        near = finder.near(one[4:-1])
        assert near is None or near.reference in known
    assert process_time() - start < 2  # every damage of every reference at once: more than ten
