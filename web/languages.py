"""The languages people here speak, and the form that asks a customer."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

LANGUAGES = (
    ("nl", _("Nederlands")), ("en", _("Engels")), ("tr", _("Turks")), ("ar", _("Arabisch")), ("pl", _("Pools")),
    ("uk", _("Oekraïens")), ("ti", _("Tigrinya")), ("so", _("Somalisch")), ("fr", _("Frans")),
)  # fmt: skip


class SpeakForm(forms.Form):
    """What a customer speaks."""

    languages = forms.MultipleChoiceField(
        label=_("Welke taal spreekt u?"), choices=LANGUAGES, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Wie komt, spreekt één van deze talen. Kiest u niets, dan mag iedereen komen."),
    )  # fmt: skip

    def facts(self) -> dict[str, Any]:
        """Return what the operation takes."""
        return dict(self.cleaned_data)
