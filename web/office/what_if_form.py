"""The questions of the what-if page."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from books.what_if import Scenario
from kernel.money import half_up
from lawbook.cheques import PRICE_CENTS
from lawbook.running_costs import OVERHEAD_CENTS_PER_HOUR, TRAINING_CENTS_PER_HOUR
from lawbook.vat import HIGH_RATE, LOW_RATE
from lawbook.wages import minimum_wage_cents

GROWN_UP = 21


class WhatIfForm(forms.Form):
    """One worker's month: wage, price, utilisation, subsidy."""

    wage = forms.DecimalField(
        label=_("Bruto loon per uur, in euro"), min_value=0, max_value=100, decimal_places=2
    )
    price = forms.DecimalField(
        label=_("Prijs van een uur met btw, in euro"), min_value=0, max_value=200, decimal_places=2
    )
    high_vat = forms.BooleanField(label=_("Hoog btw-tarief (geen schoonmaak in huis)"), required=False)
    utilisation = forms.DecimalField(
        label=_("Verkochte uren, in procent van de betaalde uren"),
        min_value=0,
        max_value=100,
        decimal_places=1,
    )
    with_subsidy = forms.DecimalField(
        label=_("Mensen met loonkostensubsidie, in procent"), min_value=0, max_value=100, decimal_places=1
    )
    wage_value = forms.DecimalField(
        label=_("Loonwaarde, in procent"), min_value=0, max_value=100, decimal_places=2
    )
    week_hours = forms.DecimalField(label=_("Uren per week"), min_value=1, max_value=40, decimal_places=2)
    other = forms.DecimalField(
        label=_("Opleiding en kantoor per uur, in euro"), min_value=0, max_value=100, decimal_places=2
    )

    @staticmethod
    def usual(day: date) -> dict[str, Any]:
        """Return where the questions start: the minimum wage and the price of the day, and two of three hours sold."""
        other = TRAINING_CENTS_PER_HOUR.on(day) + OVERHEAD_CENTS_PER_HOUR.on(day)
        return {
            "wage": _euros(minimum_wage_cents(GROWN_UP, day)), "price": _euros(PRICE_CENTS.on(day)), "high_vat": False,
            "utilisation": 65, "with_subsidy": 100, "wage_value": 40, "week_hours": 24, "other": _euros(other),
        }  # fmt: skip

    def scenario(self, day: date) -> Scenario:
        """Return what was asked, of a form that is valid."""
        asked = self.cleaned_data
        return Scenario(
            day=day, wage_cents=_cents(asked["wage"]), price_cents=_cents(asked["price"]),
            vat_rate=(HIGH_RATE if asked["high_vat"] else LOW_RATE).on(day), utilisation=asked["utilisation"],
            with_subsidy=asked["with_subsidy"], wage_value=asked["wage_value"],
            week_minutes=half_up(asked["week_hours"] * 60), other_cents=_cents(asked["other"]),
        )  # fmt: skip


def _euros(cents: int) -> Decimal:
    return Decimal(cents).scaleb(-2)


def _cents(euros: Decimal) -> int:
    return half_up(euros * 100)
