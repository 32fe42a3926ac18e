"""Take in residents and firms, when they live where we work."""

import re
from datetime import datetime

import phonenumbers
from django.db import transaction
from django.utils.translation import gettext as _

from events.recording import record
from identity.models import Address, Customer, CustomerMember, Household, Postcode, User
from kernel.errors import Refused

POSTCODE = re.compile(r"[1-9][0-9]{3}[A-Z]{2}")
HOUSE_NUMBER = re.compile(r"[1-9][0-9]{0,4}([ -]?[A-Za-z0-9]{1,5})?")


class NotAPostcode(Refused):
    """The text is not a Dutch postcode."""


class NotAHouseNumber(Refused):
    """The text is not a house number."""


class OutsideArea(Refused):
    """The address lies in no neighbourhood that is served."""


class NotAPhoneNumber(Refused):
    """Nobody can be called on this number."""


class AlreadyRegistered(Refused):
    """This user already is a customer."""


def find_place(postcode: str, house_number: str) -> Address:
    """Return the address of a door in a served neighbourhood; it is made when it is new.

    :raises NotAPostcode: it does not look like '4818 CK'.
    :raises NotAHouseNumber: it does not look like '12' or '12a'.
    :raises OutsideArea: we do not work there (yet).
    """
    code = postcode.replace(" ", "").upper()
    if not POSTCODE.fullmatch(code):
        raise NotAPostcode(_("Dit is geen postcode. Schrijf hem zo: 4818 CK."))
    number = house_number.strip()
    if not HOUSE_NUMBER.fullmatch(number):
        raise NotAHouseNumber(_("Dit is geen huisnummer. Schrijf het zo: 12 of 12a."))
    place = Postcode.objects.filter(code=code).select_related("neighbourhood").first()
    if place is None:
        raise OutsideArea(_("Wij werken nog niet op postcode %(code)s.") % {"code": f"{code[:4]} {code[4:]}"})
    step = int("".join(sign for sign in number if sign.isdigit()))
    address, _made = Address.objects.get_or_create(
        postcode=code,
        house_number=number,
        defaults={
            "street": place.street,
            "town": place.town,
            "neighbourhood": place.neighbourhood,
            "x": place.x + 6 * (step % 50),
            "y": place.y,
        },
    )
    return address


def telephone(text: str) -> str:
    """Return a phone number in its international form, or '' for no text.

    :raises NotAPhoneNumber: it cannot be called.
    """
    if not text.strip():
        return ""
    try:
        number = phonenumbers.parse(text, "NL")
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_possible_number(number):
        raise NotAPhoneNumber(_("Dit telefoonnummer klopt niet. Schrijf het zo: 06 12345678."))
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


@transaction.atomic(durable=True)
def register_resident(
    *, user: User, name: str, phone: str, postcode: str, house_number: str, language: str, at: datetime
) -> Customer:
    """Make a user a resident who can buy and book.

    :raises AlreadyRegistered: the user is a customer already.
    """
    return _register(
        user, Customer.Kind.RESIDENT, name, phone, (postcode, house_number), at, languages=[language]
    )


def take_in(
    *, user: User, name: str, postcode: str, house_number: str, language: str, at: datetime
) -> Customer:
    """Make a user a resident whom the organisation knew before. Step: the caller owns the transaction.

    :raises AlreadyRegistered: the user is a customer already.
    :raises OutsideArea: we do not work there.
    """
    return _register(
        user, Customer.Kind.RESIDENT, name, user.phone, (postcode, house_number), at, languages=[language]
    )


@transaction.atomic(durable=True)
def register_firm(
    *,
    user: User,
    name: str,
    kvk: str,
    vat_id: str,
    phone: str,
    postcode: str,
    house_number: str,
    at: datetime,
) -> Customer:
    """Make a firm a customer, with this user as its owner.

    :param kvk: eight digits, or '' when the organisation fills it in later.
    :raises AlreadyRegistered: the user is a customer already.
    :raises organising.NotAKvkNumber: not eight digits.
    :raises organising.NotAVatNumber: it fails its check.
    """
    return _register(
        user, Customer.Kind.FIRM, name, phone, (postcode, house_number), at, kvk=kvk, vat_id=vat_id
    )


def _register(  # noqa: PLR0917 - the two kinds share everything but their last fields
    user: User, kind: str, name: str, phone: str, door: tuple[str, str], at: datetime, **more: object
) -> Customer:
    locked = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if locked.customer_parts.filter(part=CustomerMember.Part.OWNER).exists():
        raise AlreadyRegistered(_("U bent al ingeschreven."))
    address = find_place(*door)
    number = telephone(phone)
    household = Household.objects.create() if kind == Customer.Kind.RESIDENT else None
    customer = Customer.objects.create(
        kind=kind, name=name.strip(), household=household, address=address, neighbourhood=address.neighbourhood,
        phone=number, registered_at=at, **more,
    )  # fmt: skip
    CustomerMember.objects.create(customer=customer, user=locked, part=CustomerMember.Part.OWNER)
    if kind == Customer.Kind.RESIDENT:
        locked.name, locked.phone = name.strip(), number
        locked.save(update_fields=["name", "phone"])
    record("customer.registered", customer, by_id=user.pk, at=at, kind=kind)
    return customer
