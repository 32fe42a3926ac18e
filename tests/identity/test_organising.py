"""The organisation, its towns, neighbourhoods and postcodes, as they are typed or pasted."""

import pytest

from events.models import Event
from identity import areas, organising, registration
from identity.models import Organisation, Postcode
from tests import build
from tests.build import NOON

pytestmark = pytest.mark.django_db
GOOD = {
    "name": "De Linde", "kvk": "12 34 56 78", "vat_id": "NL004495445B01", "wage_tax_number": "123456789l01",
    "iban": "NL91 ABNA 0417 1643 00", "phone": "076 123 45 67", "email": "hulp@example.org", "street": "Lindestraat",
    "house_number": "1", "postcode": "4818 ck", "town": "Breda",
}  # fmt: skip


class TestDescribe:
    def test_keeps_numbers_as_they_are_checked(self):
        organising.describe(**GOOD, by=build.user(), at=NOON)

        kept = Organisation.objects.get()
        assert (kept.kvk, kept.iban, kept.postcode) == ("12345678", "NL91ABNA0417164300", "4818CK")
        assert (kept.vat_id, kept.wage_tax_number) == ("NL004495445B01", "123456789L01")

    @pytest.mark.parametrize(
        ("field", "typed", "refused"),
        [
            ("iban", "NL91ABNA0417164301", organising.NotAnIban),
            ("kvk", "1234567", organising.NotAKvkNumber),
            ("vat_id", "NL123B01", organising.NotAVatNumber),
            ("wage_tax_number", "123", organising.NotAWageTaxNumber),
            ("postcode", "0123 AB", registration.NotAPostcode),
            ("house_number", "nul", registration.NotAHouseNumber),
            ("phone", "bel maar", registration.NotAPhoneNumber),
        ],
    )
    def test_refuses_a_number_that_is_wrong_and_keeps_nothing(self, field, typed, refused):
        with pytest.raises(refused):
            organising.describe(**(GOOD | {field: typed}), by=build.user(), at=NOON)
        assert not Organisation.objects.exists()

    def test_records_which_fields_changed_and_not_what_they_were(self):
        by = build.user()
        organising.describe(**GOOD, by=by, at=NOON)
        organising.describe(**(GOOD | {"phone": "076 765 43 21"}), by=by, at=NOON)
        organising.describe(**(GOOD | {"phone": "076 765 43 21"}), by=by, at=NOON)

        told = Event.objects.filter(kind="organisation.described").order_by("pk")
        assert [event.payload["changed"] for event in told][1:] == [["phone"]]


class TestServe:
    def test_takes_a_pasted_list_with_and_without_places(self):
        where = build.neighbourhood()
        text = "4818 CK; Lindestraat\n\n4818CL\tVlierhof\tBreda\t112500\t402300\n"

        assert areas.serve(where.pk, text=text, by=build.user(), at=NOON) == 2

        guessed, known = Postcode.objects.order_by("code")
        assert (known.street, known.x, known.y) == ("Vlierhof", 112500, 402300)
        assert guessed.town == "Breda"
        assert (guessed.x, guessed.y) == areas.guess("4818CK")

    def test_a_guess_lies_near_its_neighbour_and_far_from_another_area(self):
        here, next_door, far = (areas.guess(code) for code in ("4818CK", "4818CL", "4825CK"))
        assert abs(here[0] - next_door[0]) + abs(here[1] - next_door[1]) < 100
        assert abs(here[0] - far[0]) > 1000

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("4818 CK; Lindestraat\n48 CK; Dijk", "Regel 2: 48 CK is geen postcode"),
            ("4818 CK", "Regel 1: zet de straat"),
            ("4818 CK; Lindestraat; Breda; ver; weg", "Regel 1: de plaats"),
            ("4818 CK; Lindestraat; Breda; 12", "Regel 1: de plaats"),
            ("   ", "minstens één postcode"),
            ("x\n" * 5001, "te lang"),
        ],
    )
    def test_names_the_line_with_a_fault_and_keeps_nothing_of_the_list(self, text, said):
        with pytest.raises(areas.NotAList, match=said):
            areas.serve(build.neighbourhood().pk, text=text, by=build.user(), at=NOON)
        assert not Postcode.objects.exists()

    def test_a_postcode_belongs_to_one_neighbourhood(self):
        build.postcode("4818CK", where=build.neighbourhood("Noord"))
        with pytest.raises(areas.InAnotherNeighbourhood, match="Noord"):
            areas.serve(build.neighbourhood().pk, text="4818CK; Lindestraat", by=build.user(), at=NOON)

    def test_a_postcode_where_somebody_lives_stays(self):
        where = build.neighbourhood()
        build.postcode("4818CK", where=where)
        build.postcode("4818CL", where=where)
        build.address(where=where)

        areas.leave(where.pk, code="4818CL", by=build.user(), at=NOON)
        with pytest.raises(areas.SomebodyLivesThere):
            areas.leave(where.pk, code="4818CK", by=build.user(), at=NOON)

        assert Postcode.objects.get().code == "4818CK"


def test_a_town_and_a_neighbourhood_are_there_once():
    by = build.user()
    town = organising.add_municipality(name="Breda", iban="", by=by, at=NOON)
    organising.add_neighbourhood(name="Geeren", municipality=town, by=by, at=NOON)
    with pytest.raises(organising.NameTaken):
        organising.add_municipality(name=" Breda ", iban="", by=by, at=NOON)
    with pytest.raises(organising.NameTaken):
        organising.add_neighbourhood(name="Geeren", municipality=town, by=by, at=NOON)
