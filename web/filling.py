"""A form that somebody fills in: what is refused stands beside its field, and what was typed is kept."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from events.repeating import KeyUsedBefore
from kernel.errors import Refused

FIELDS: Mapping[str, str] = {
    "NotAnIban": "iban", "WrongIban": "iban", "NotAKvkNumber": "kvk", "NotAVatNumber": "vat_id", "NotAPostcode": "postcode",
    "NotAWageTaxNumber": "wage_tax_number", "NotAHouseNumber": "house_number", "NotAPhoneNumber": "phone",
    "OutsideArea": "postcode", "LivesElsewhere": "postcode", "AlreadyInThePool": "email", "NotAContract": "week_minutes", "NameTaken": "name", "NotAList": "text", "InAnotherNeighbourhood": "text",
    "WrongBsn": "bsn", "WrongBirthday": "birth_on", "NameMissing": "account_name", "TownMissing": "municipality",
    "NotANumberOfHours": "hours", "NotACode": "code", "NotKnown": "code", "NotToBeUsed": "code", "NothingToHandOn": "hours",
    "OnePersonTwice": "role", "AlreadyHeld": "role", "NotATable": "text", "CountedTwice": "week_hours",
    "NotYet": "on", "WordsMissing": "words", "TooMuchAid": "amount", "AlreadyWritten": "letter", "WrongStart": "started_on",
}  # fmt: skip


def fill(
    request: HttpRequest, form: forms.BaseForm, do: Callable[[], object], *, done: str, back: str
) -> HttpResponse | None:
    """Do what a form asks and go back; None when the form must be shown, because it is new or something is wrong."""
    if request.method != "POST" or not form.is_valid():
        return None
    try:
        do()
    except Refused as refused:
        renew_key(form, refused)
        field = FIELDS.get(refused.code)
        form.add_error(field if field in form.fields else None, str(refused))
        return None
    messages.success(request, done)
    return redirect(back)


def renew_key(form: forms.BaseForm, refused: Refused) -> None:
    """Give a form whose key was used for something else a key of its own: sent once more, it is another act."""
    if isinstance(refused, KeyUsedBefore):
        fresh: Any = form.data
        fresh = fresh.copy()  # what a form was sent can be read only
        fresh["key"] = str(uuid4())
        form.data = fresh


def whole_hours(typed: str) -> int:
    """Return a number of hours as somebody typed it; 0 for what is no number."""
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 5 else 0


def form_key(sent: str) -> UUID | None:
    """Return the hidden key of a form; None when it holds none."""
    with suppress(ValueError):
        return UUID(sent)
    return None


def cleaned(form: forms.BaseForm) -> dict[str, Any]:
    """Return what was filled in, for an operation that takes it by name."""
    return dict(form.cleaned_data)


class Named(forms.ModelChoiceField):  # type: ignore[type-arg]  # Django's own takes no parameter at run time
    """A choice of rows that have a name, by their ref."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, to_field_name="ref", **kwargs)

    def label_from_instance(self, obj: Any) -> str:
        """Return what stands in the list."""
        return str(obj.name)
