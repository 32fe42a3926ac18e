"""A question for a number of hours in an address, as for 'what do I keep?'."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kernel.money import half_up

FIRST_HOURS = 4


class MoreHours(forms.Form):
    """More hours in this month."""

    uren = forms.DecimalField(
        label=_("Hoeveel uur meer, deze maand?"), min_value=0, max_value=200, decimal_places=2, initial=FIRST_HOURS
    )  # fmt: skip


def asked(query: Any) -> tuple[MoreHours, int]:
    """Return the form and the minutes that were asked; a few hours when nothing, or nothing right, was."""
    form = MoreHours(query if "uren" in query else {"uren": FIRST_HOURS})
    hours = form.cleaned_data["uren"] if form.is_valid() else FIRST_HOURS
    return form, half_up(hours * 60)
