"""Write down who the organisation is, for which towns it works, and where."""

import re
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from stdnum import iban as account
from stdnum.nl import btw

from events.recording import record
from identity.models import Municipality, Neighbourhood, Organisation, User
from identity.registration import HOUSE_NUMBER, POSTCODE, NotAHouseNumber, NotAPostcode, telephone
from kernel.errors import Refused

KVK = re.compile(r"[0-9]{8}")
WAGE_TAX_NUMBER = re.compile(r"[0-9]{9}L[0-9]{2}")


class NotAKvkNumber(Refused):
    """A number of the Chamber of Commerce has eight digits."""


class NotAnIban(Refused):
    """The account number does not pass its check."""


class NotAVatNumber(Refused):
    """The VAT number does not pass its check."""


class NotAWageTaxNumber(Refused):
    """A wage tax number has nine digits, an L and two digits."""


class NameTaken(Refused):
    """There is a town or a neighbourhood with this name already."""


@transaction.atomic(durable=True)
def describe(  # noqa: PLR0913 - what stands on the letterhead
    *, name: str, kvk: str, vat_id: str, wage_tax_number: str, iban: str, phone: str, email: str, street: str,
    house_number: str, postcode: str, town: str, by: User, at: datetime,
) -> Organisation:  # fmt: skip
    """Write down the organisation. A field may be empty: the set-up list says what that blocks.

    :raises NotAKvkNumber: not eight digits.
    :raises NotAnIban: a digit of the account number is wrong.
    :raises NotAVatNumber: a digit of the VAT number is wrong.
    :raises NotAWageTaxNumber: it does not look like 123456789L01.
    :raises NotAPostcode: it does not look like '4818 CK'.
    :raises NotAHouseNumber: it does not look like '12' or '12a'.
    """
    facts = {
        "name": name.strip(), "kvk": _kvk(kvk), "vat_id": _vat_id(vat_id), "wage_tax_number": _wage_tax(wage_tax_number),
        "iban": checked_iban(iban), "phone": telephone(phone), "email": email.strip(), "street": street.strip(),
        "house_number": _house_number(house_number), "postcode": _postcode(postcode), "town": town.strip(),
    }  # fmt: skip
    before = Organisation.objects.select_for_update(no_key=True).filter(pk=1).first()
    changed = sorted(key for key, fact in facts.items() if before is None or getattr(before, key) != fact)
    organisation, _made = Organisation.objects.update_or_create(pk=1, defaults=facts)
    if changed:
        record("organisation.described", organisation, by_id=by.pk, at=at, changed=changed)
    return organisation


@transaction.atomic(durable=True)
def add_municipality(*, name: str, iban: str, by: User, at: datetime) -> Municipality:
    """Add a town that pays subsidies; its account number makes its payments known when they come in.

    :raises NameTaken: it is there already.
    :raises NotAnIban: a digit of the account number is wrong.
    """
    number = checked_iban(iban)
    try:
        with transaction.atomic():
            town = Municipality.objects.create(name=name.strip(), iban=number)
    except IntegrityError as error:
        raise NameTaken(_("Deze gemeente staat er al.")) from error
    record("municipality.added", town, by_id=by.pk, at=at)
    return town


@transaction.atomic(durable=True)
def add_neighbourhood(*, name: str, municipality: Municipality, by: User, at: datetime) -> Neighbourhood:
    """Add a neighbourhood: it gets a plan and a coordinator of its own.

    :raises NameTaken: it is there already.
    """
    try:
        with transaction.atomic():
            where = Neighbourhood.objects.create(name=name.strip(), municipality=municipality)
    except IntegrityError as error:
        raise NameTaken(_("Deze buurt staat er al.")) from error
    record("neighbourhood.added", where, by_id=by.pk, at=at)
    return where


def checked_iban(iban: str) -> str:
    """Return an account number without spaces, or '' for no text.

    :raises NotAnIban: a digit is wrong.
    """
    if not iban.strip():
        return ""
    if not account.is_valid(iban, check_country=False):
        raise NotAnIban(_("Dit rekeningnummer (IBAN) klopt niet. Kijk de letters en cijfers na."))
    return str(account.compact(iban))


def checked_kvk(kvk: str) -> str:
    """Return the eight digits of the Chamber of Commerce.

    :raises NotAKvkNumber: there are not eight.
    """
    digits = re.sub(r"[ .]", "", kvk)
    if not KVK.fullmatch(digits):
        raise NotAKvkNumber(_("Een KvK-nummer heeft acht cijfers."))
    return digits


def checked_vat_id(vat_id: str) -> str:
    """Return a Dutch VAT number as NL...B.., or '' for no text.

    :raises NotAVatNumber: it fails its check.
    """
    if not vat_id.strip():
        return ""
    if not btw.is_valid(vat_id):
        raise NotAVatNumber(_("Dit btw-nummer klopt niet. Schrijf het zo: NL123456789B01."))
    return "NL" + str(btw.compact(vat_id))


def _kvk(kvk: str) -> str:
    return checked_kvk(kvk) if kvk.strip() else ""


def _vat_id(vat_id: str) -> str:
    return checked_vat_id(vat_id)


def _wage_tax(number: str) -> str:
    text = number.replace(" ", "").upper()
    if text and not WAGE_TAX_NUMBER.fullmatch(text):
        raise NotAWageTaxNumber(_("Schrijf het loonheffingennummer zo: 123456789L01."))
    return text


def _postcode(postcode: str) -> str:
    code = postcode.replace(" ", "").upper()
    if code and not POSTCODE.fullmatch(code):
        raise NotAPostcode(_("Dit is geen postcode. Schrijf hem zo: 4818 CK."))
    return code


def _house_number(number: str) -> str:
    text = number.strip()
    if text and not HOUSE_NUMBER.fullmatch(text):
        raise NotAHouseNumber(_("Dit is geen huisnummer. Schrijf het zo: 12 of 12a."))
    return text
