"""Amounts that people type: 25, 25,00, 1.250,00 or € 25."""

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

AMOUNT = re.compile(r"(\d{1,3}(?:[. ]\d{3})+|\d{1,7})(?:[,.](\d{1,2}))?")


class EuroField(forms.CharField):
    """An amount in euros; its value is in cents, or None when it may be and was left empty."""

    default_error_messages = {"amount": _("Dit is geen bedrag. Schrijf het zo: 25,00.")}

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal"}))
        super().__init__(max_length=14, **kwargs)

    def clean(self, value: Any) -> int | None:
        """Return the cents."""
        text = str(super().clean(value)).replace("€", "").strip()
        if not text:
            return None
        found = AMOUNT.fullmatch(text)
        if not found:
            raise forms.ValidationError(self.error_messages["amount"], code="amount")
        whole, part = re.sub(r"[. ]", "", found[1]), (found[2] or "").ljust(2, "0")
        return int(Decimal(f"{whole}.{part}") * 100)

    def prepare_value(self, value: Any) -> Any:
        """Show cents as euros, and what was typed as it was typed."""
        return f"{Decimal(value).scaleb(-2):.2f}".replace(".", ",") if isinstance(value, int) else value
