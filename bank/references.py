"""Payment references: made with check digits (ISO 11649), and found again in what people and banks made of them.

A reference is 'RF', two check digits and a body of ten digits that does not start with a zero. People leave out the
front, put spaces and zeros in, and lose a digit; banks cut lines anywhere.
"""

import re
import secrets
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

from django.utils.translation import gettext as _

BODY = 10
DIGITS = "0123456789"
SEPARATORS = re.compile(r"[\s.,\-/_']+")
NUMBER = re.compile(r"\d+")
PARTS = ((0, 3), (3, 7), (7, BODY))  # of a body; two faults leave one of three whole
LARGEST_LOSS = 2  # digits that may be missing before a body is anybody's


def new_reference(first: str) -> str:
    """Return a random reference; `first` is the first digit of the body and tells what kind of thing is paid."""
    return reference(first + "".join(secrets.choice(DIGITS) for _place in range(BODY - 1)))


def reference(body: str) -> str:
    """Return a body with 'RF' and its two check digits in front."""
    return f"RF{98 - int(body + '271500') % 97:02d}{body}"


def is_reference(text: str) -> bool:
    """Tell whether a text is a reference of ours whose check digits are right."""
    return bool(re.fullmatch(rf"RF\d\d[1-9]\d{{{BODY - 1}}}", text)) and reference(text[4:]) == text


def in_groups(text: str) -> str:
    """Return a reference as it is read aloud and typed over: in groups of four."""
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


@dataclass(frozen=True)
class Near:
    """A reference that was meant, most likely, and in words what is wrong with what was written."""

    reference: str
    fault: str


class Finder:
    """Finds references of a known set in texts."""

    def __init__(self, known: Iterable[str]) -> None:
        """Keep the references to look for."""
        self._by_body = {one[4:]: one for one in known if one}
        self._damages: dict[str, dict[str, set[Fault]]] = {}

    def exact(self, text: str) -> list[str]:
        """Return the references a text names for sure, in its order: whole, or the body without the front.

        Spaces and other signs between the digits, small letters, and zeros in front are forgiven.
        """
        found = dict.fromkeys(
            self._by_body[run[start : start + BODY]]
            for run in _runs(text)
            for start in range(len(run) - BODY + 1)
            if run[start : start + BODY] in self._by_body
        )
        return list(found)

    def near(self, text: str) -> Near | None:
        """Return the one reference that a text names with a fault: digits missing, one wrong, two changed places.

        Two that are equally near are none: nobody can tell which was meant.
        """
        for size in (BODY, BODY - 1, BODY + 1, BODY - 2):
            meant = {
                (body, fault)
                for run in _runs(text)
                for start in range(len(run) - size + 1)
                for body in self._alike(run[start : start + size])
                for fault in self._damage(body).get(run[start : start + size], ())
            }
            bodies = {body for body, _fault in meant}
            if len(bodies) == 1:
                fault = min(_said(fault) for _body, fault in meant)
                return Near(self._by_body[bodies.pop()], fault)
        return None

    def _alike(self, written: str) -> set[str]:
        """Return the known bodies of which a third stands in a text, where it stood or up to two places beside it.

        Two faults touch two of three parts at most, so what was meant is always among these few.
        """
        return {
            body
            for number, (start, end) in enumerate(PARTS)
            for shift in (-2, -1, 0, 1)
            if start + shift >= 0
            for body in self._by_part.get((number, written[start + shift : end + shift]), ())
            if _may_be(body, written)
        }

    @cached_property
    def _by_part(self) -> dict[tuple[int, str], list[str]]:
        table: dict[tuple[int, str], list[str]] = defaultdict(list)
        for body in self._by_body:
            for number, (start, end) in enumerate(PARTS):
                table[number, body[start:end]].append(body)
        return table

    def _damage(self, body: str) -> dict[str, set["Fault"]]:
        """Return every way a known body may be damaged -> what is wrong."""
        if body not in self._damages:
            table: dict[str, set[Fault]] = defaultdict(set)
            for written, fault in _damaged(body):
                table[written].add(fault)
            self._damages[body] = table
        return self._damages[body]


def _may_be(body: str, written: str) -> bool:
    """Tell whether a text may be a body with one fault, or without two digits; quickly, and never a no too many."""
    if len(written) <= BODY - LARGEST_LOSS:
        digits = iter(body)
        return all(sign in digits for sign in written)
    return _alike_from_the_start(body, written) + _alike_from_the_start(body[::-1], written[::-1]) >= BODY - 2


def _alike_from_the_start(one: str, other: str) -> int:
    pairs = enumerate(zip(one, other, strict=False))
    return next((place for place, (left, right) in pairs if left != right), min(len(one), len(other)))


def _runs(text: str) -> list[str]:
    """Return the rows of digits of a text, once read across separators and once word by word."""
    whole = NUMBER.findall(SEPARATORS.sub("", text))
    apart = NUMBER.findall(text)
    return list(dict.fromkeys([*whole, *apart]))


Fault = tuple[str, str, str]  # what happened, with which digits: said in words only when somebody reads it


def _damaged(body: str) -> Iterable[tuple[str, Fault]]:
    """Yield what may be written for a body, with the fault."""
    for lost in range(1, LARGEST_LOSS + 1):
        for places in combinations(range(BODY), lost):
            kept = "".join(sign for place, sign in enumerate(body) if place not in places)
            yield kept, ("lost", ", ".join(body[place] for place in places), "")
    for place, right in enumerate(body):
        for wrong in DIGITS:
            if wrong != right:
                yield body[:place] + wrong + body[place + 1 :], ("wrong", wrong, right)
            yield body[:place] + wrong + body[place:], ("more", wrong, "")
        changed = body[:place] + body[place + 1 : place + 2] + right + body[place + 2 :]
        if changed != body:
            yield changed, ("changed", "", "")


def _said(fault: Fault) -> str:
    what, one, other = fault
    if what == "lost":
        return _("Dit ontbreekt in het kenmerk: %(digits)s.") % {"digits": one}
    if what == "wrong":
        return _("In het kenmerk staat %(wrong)s waar %(right)s hoort.") % {"wrong": one, "right": other}
    if what == "more":
        return _("In het kenmerk staat een %(digit)s te veel.") % {"digit": one}
    return _("In het kenmerk zijn twee cijfers verwisseld.")
