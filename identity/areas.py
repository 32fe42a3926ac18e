"""Where we work: a list of postcodes, typed or pasted, each with its place on the map."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from events.recording import record
from identity.models import Address, Neighbourhood, Postcode, User
from identity.registration import POSTCODE
from kernel.errors import Refused

MOST_LINES = 5000
METRES = re.compile(r"-?[0-9]{1,7}")
BETWEEN = re.compile(r"[;\t]")
LETTERS_APART, DIGITS_APART = 40, 1200  # metres, when nobody says where a postcode lies


class NotAList(Refused):
    """A line of the list cannot be read; the sentence names the line."""


class InAnotherNeighbourhood(Refused):
    """A postcode belongs to one neighbourhood."""


@dataclass(frozen=True)
class Place:
    """A line of the list: a postcode, its street and town, and where it lies in metres (perhaps a guess)."""

    code: str
    street: str
    town: str
    x: int
    y: int


def read(text: str, *, town: str) -> list[Place]:
    """Return the postcodes of a list: `4818 CK; Lindestraat`, and after that perhaps the town, x and y in metres.

    Without x and y the place is guessed from the code: neighbouring letters lie near each other.

    :param town: for lines that name none.
    :raises NotAList: the sentence names the line and what is wrong with it.
    """
    places: dict[str, Place] = {}
    lines = text.splitlines()
    if len(lines) > MOST_LINES:
        raise NotAList(
            _("De lijst is te lang. Plak hem in stukken van %(most)s regels.") % {"most": MOST_LINES}
        )
    for number, line in enumerate(lines, start=1):
        if line.strip():
            place = _place(line, number, town)
            places[place.code] = place
    if not places:
        raise NotAList(_("Plak minstens één postcode."))
    return list(places.values())


@transaction.atomic(durable=True)
def serve(neighbourhood_id: int, *, text: str, by: User, at: datetime) -> int:
    """Serve the postcodes of a list from now on; one that is served already gets its new street and place.

    :raises NotAList: see `read`; nothing is kept of a list with a fault.
    :raises InAnotherNeighbourhood: a postcode is served from another neighbourhood.
    """
    where = Neighbourhood.objects.select_for_update(no_key=True, of=("self",)).select_related("municipality").get(
        pk=neighbourhood_id
    )  # fmt: skip
    places = read(text, town=where.municipality.name)
    taken = Postcode.objects.filter(code__in=[place.code for place in places]).exclude(neighbourhood=where)
    for row in taken.select_related("neighbourhood")[:1]:
        raise InAnotherNeighbourhood(
            _("Postcode %(code)s hoort al bij %(name)s.") % {"code": row.code, "name": row.neighbourhood.name}
        )
    for place in places:
        Postcode.objects.update_or_create(
            code=place.code,
            defaults={
                "neighbourhood": where,
                "street": place.street,
                "town": place.town,
                "x": place.x,
                "y": place.y,
            },
        )
    record("neighbourhood.served", where, by_id=by.pk, at=at, postcodes=len(places))
    return len(places)


class SomebodyLivesThere(Refused):
    """A postcode with addresses of customers or workers stays on the list."""


@transaction.atomic(durable=True)
def leave(neighbourhood_id: int, *, code: str, by: User, at: datetime) -> None:
    """Serve a postcode no more.

    :raises SomebodyLivesThere: there are addresses with it.
    """
    where = Neighbourhood.objects.select_for_update(no_key=True).get(pk=neighbourhood_id)
    if Address.objects.filter(postcode=code).exists():
        raise SomebodyLivesThere(_("Op %(code)s woont al een klant of medewerker.") % {"code": code})
    if Postcode.objects.filter(code=code, neighbourhood=where).delete()[0]:
        record("neighbourhood.left", where, by_id=by.pk, at=at, postcode=code)


def _place(line: str, number: int, town: str) -> Place:
    parts = [part.strip() for part in BETWEEN.split(line)]
    code = parts[0].replace(" ", "").upper()
    if not POSTCODE.fullmatch(code):
        raise NotAList(
            _("Regel %(line)s: %(text)s is geen postcode. Schrijf hem zo: 4818 CK; Lindestraat.")
            % {"line": number, "text": parts[0][:20]}
        )
    street = parts[1][:80] if len(parts) > 1 else ""
    if not street:
        raise NotAList(_("Regel %(line)s: zet de straat achter de postcode.") % {"line": number})
    given = parts[2][:60] if len(parts) > 2 and parts[2] else town
    x, y = _metres(parts[3:5], number) or guess(code)
    return Place(code, street, given, x, y)


def _metres(parts: list[str], number: int) -> tuple[int, int] | None:
    if not any(parts):
        return None
    if len(parts) != 2 or not all(METRES.fullmatch(part) for part in parts):
        raise NotAList(
            _("Regel %(line)s: de plaats bestaat uit twee hele getallen, x en y in meters.")
            % {"line": number}
        )
    return int(parts[0]), int(parts[1])


def guess(code: str) -> tuple[int, int]:
    """Return a likely place of a postcode in metres: letters run along the streets, digits from area to area."""
    first, second = (ord(letter) - ord("A") for letter in code[4:])
    return int(code[2:4]) * DIGITS_APART + second * LETTERS_APART, int(
        code[:2]
    ) * DIGITS_APART + first * LETTERS_APART


def lines(rows: "Iterator[Postcode]") -> str:
    """Return postcodes as a list that can be changed and pasted again."""
    return "\n".join(f"{row.code}; {row.street}; {row.town}; {row.x}; {row.y}" for row in rows)
