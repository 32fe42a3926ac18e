"""Which VAT rate a visit falls under."""

from datetime import date
from decimal import Decimal

from lawbook import vat
from marketplace.models import Service


def vat_rate(service: Service, *, on: date) -> Decimal:
    """Return the rate of a service on the day of the visit; 0.09 means nine per cent."""
    return vat.rate(service.vat_class, on)
