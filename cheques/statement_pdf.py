"""A statement on paper (PDF/UA): as a letter, with the address it goes to."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from cheques import statement_words as words
from cheques.invoice_pdf import hours_of
from cheques.models import Lot, VatKind
from cheques.statement import Statement
from documents.typesetting import day, euro, pdf
from identity.models import Customer, Organisation
from kernel.periods import local_day

TEMPLATE = Path(__file__).parent / "typst" / "statement.typ"


def render(
    found: Statement, customer: Customer, *, services: Mapping[str, str], language: str = "nl"
) -> bytes:
    """Return the PDF of a statement: the same statement gives the same bytes.

    :param services: the names of services by their code, in that language.
    """
    with translation.override(language):
        return pdf(TEMPLATE, _facts(found, customer, services, language))


def file_name(found: Statement, ending: str) -> str:
    """Return the name under which a statement is kept."""
    return f"cheques-{found.first_day.year}.{ending}"


def without_vat(customer: Customer) -> bool:
    """Tell whether a customer has cheques that were priced without VAT."""
    return Lot.objects.filter(wallet__customer=customer, vat_kind=VatKind.CONTRACT).exists()


def _facts(
    found: Statement, customer: Customer, services: Mapping[str, str], language: str
) -> dict[str, Any]:
    ours, door = Organisation.objects.first(), customer.address
    last = words.last_words(found)
    if without_vat(customer):
        last.append(_("De bedragen zijn zonder btw."))
    if ours and ours.phone:
        last.append(_("Klopt er iets niet? Bel ons: %(phone)s.") % {"phone": ours.phone})
    return {
        "language": language, "title": words.title(found), "period": words.period(found),
        "sender": ours.name if ours else "", "from": _from(ours),
        "address": [customer.name, f"{door.street} {door.house_number}", f"{door.postcode} {door.town}"],
        "short": words.in_short(found), "last": last,
        "figures": {
            "title": _("Uw uren"), "heads": [_("Wat"), _("Op %(day)s") % {"day": day(found.first_day)}, _("Op %(day)s") % {"day": day(found.last_day)}],
            "rows": [[name, hours_of(opening), hours_of(closing)] for name, opening, closing in words.figures(found)],
        },
        "lines": {
            "title": _("Wat er gebeurde"), "heads": [_("Dag"), _("Wat"), _("Uren"), _("Euro"), _("Daarna vrij")],
            "rows": [
                [day(local_day(line.at)), words.say(line, services), hours_of(line.minutes), euro(line.cents),
                 hours_of(line.free_after)]
                for line in found.lines
            ],
        },
    }  # fmt: skip


def _from(ours: Organisation | None) -> list[str]:
    if ours is None:
        return []
    lines = [ours.name, f"{ours.street} {ours.house_number}", f"{ours.postcode} {ours.town}"]
    return [line.strip() for line in lines if line.strip()]
