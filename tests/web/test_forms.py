"""Forms in the markup of the design system."""

import re

from django import forms
from django.template import Context, Template
from django.utils import translation

from web.widgets import Chips, ChoiceCards, Stepper


class Questions(forms.Form):
    """One of each that matters."""

    postcode = forms.CharField(label="Wat is uw postcode?", help_text="Bijvoorbeeld 4811 AB")
    rooms = forms.IntegerField(label="Hoeveel kamers?", max_value=9, widget=Stepper(unit=("kamer", "kamers")))
    service = forms.ChoiceField(
        label="Waarmee?",
        choices=[("a", "Schoonmaken")],
        widget=ChoiceCards(icons={"a": "sparkles"}, notes={"a": "in huis"}),
    )
    day = forms.ChoiceField(label="Wanneer?", choices=[("m", "Morgen")], widget=Chips)
    agree = forms.BooleanField(label="Akkoord")


def _page(form: forms.Form) -> str:
    with translation.override("nl"):
        return Template("{{ form }}").render(Context({"form": form}))


class TestForm:
    def test_links_hint_and_error_to_the_field(self):
        html = _page(Questions({"postcode": ""}))
        described = re.search(r'<input[^>]*name="postcode"[^>]*>', html)
        assert described
        assert 'aria-describedby="id_postcode_helptext id_postcode_error"' in described[0]
        assert 'aria-invalid="true"' in described[0]
        assert html.count('id="id_postcode_helptext"') == html.count('id="id_postcode_error"') == 1

    def test_says_the_error_above_the_field(self):
        html = _page(Questions({"postcode": ""}))
        assert html.index('id="id_postcode_error"') < html.index('name="postcode"')

    def test_lists_every_error_on_top_with_a_link_to_its_field(self):
        html = _page(Questions({"postcode": "4811AB", "rooms": "12", "service": "a"}))
        summary = html[: html.index('class="wijk-fields"')]
        assert re.findall(r'href="#([^"]+)"', summary) == ["id_rooms", "id_day_group", "id_agree"]
        for target in ("id_rooms", "id_day_group", "id_agree"):
            assert f'id="{target}"' in html

    def test_has_no_summary_when_nothing_is_wrong(self):
        assert 'role="alert"' not in _page(Questions())

    def test_keeps_what_was_typed(self):
        assert 'value="12"' in _page(Questions({"rooms": "12"}))

    def test_gives_each_widget_the_class_of_the_design_system(self):
        html = _page(Questions())
        assert re.search(r'<input type="text"[^>]*class="utrecht-textbox', html)
        assert re.search(r'<input type="number"[^>]*class="utrecht-textbox', html)
        assert re.search(r'<input type="checkbox"[^>]*class="utrecht-checkbox', html)

    def test_draws_choices_with_icon_word_and_note(self):
        html = _page(Questions())
        card = html[html.index('class="wijk-choice"') :]
        assert "<svg" in card
        assert "Schoonmaken" in card
        assert "in huis" in card

    def test_keeps_a_stepper_usable_without_javascript(self):
        html = _page(Questions())
        assert len(re.findall(r"<button[^>]*data-step=[^>]* hidden>", html)) == 2
        assert "kamers" in html
