"""Forms in the markup of the design system."""

from collections.abc import Mapping
from typing import Any

from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest

# what a widget is called in the design system, by the last part of its template's name
_TEXT = "utrecht-textbox utrecht-textbox--html-input"
_CLASSES = {
    "checkbox": "utrecht-checkbox utrecht-checkbox--html-input",
    "radio": "utrecht-radio-button utrecht-radio-button--html-input",
    "select": "utrecht-select utrecht-select--html-select",
    "textarea": "utrecht-textarea utrecht-textarea--html-textarea",
    **dict.fromkeys(
        ["text", "email", "number", "password", "tel", "url", "search", "date", "time", "datetime"], _TEXT
    ),
}
_GROUPS = {
    "forms/choice_cards.html": f"wijk-choice__input {_CLASSES['radio']}",
    "forms/chips.html": f"wijk-chip__input {_CLASSES['radio']}",
}


class WijkRenderer(TemplatesSetting):
    """Fields with label, hint and error where they belong; widgets with the classes of the design system."""

    field_template_name = "forms/field.html"
    form_template_name = "forms/form.html"

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        """Render a widget or a form, after giving a widget its class."""
        if "widget" in context:
            _dress(template_name, context["widget"])
        return str(super().render(template_name, context, request))


def _dress(template_name: str, widget: dict[str, Any]) -> None:
    """Put the class on a widget; on a group of choices, on each of them."""
    if "optgroups" in widget and not template_name.endswith("select.html"):
        own = _GROUPS.get(template_name)
        for _group, options, _index in widget["optgroups"]:
            for option in options:
                _add(option["attrs"], own or _CLASSES[option["type"]])
        return
    kind = template_name.rsplit("/", 1)[-1].removesuffix(".html")
    _add(widget["attrs"], _TEXT if kind == "stepper" else _CLASSES.get(kind, ""))
    for part in widget.get("subwidgets", []):
        _dress(part["template_name"], part)


def _add(attributes: dict[str, Any] | Mapping[str, Any], classes: str) -> None:
    if not classes or not isinstance(attributes, dict) or classes in str(attributes.get("class", "")):
        return
    attributes["class"] = f"{attributes['class']} {classes}" if attributes.get("class") else classes
