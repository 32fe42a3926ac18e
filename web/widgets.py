"""Ways to answer that need no typing: cards, chips and a stepper."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.forms import NumberInput, RadioSelect


class ChoiceCards(RadioSelect):
    """Big cards with an icon, a word and a line of explanation; one may be chosen.

    `icons` and `notes` go by the value of the choice.
    """

    template_name = "forms/choice_cards.html"

    def __init__(
        self, *, icons: Mapping[Any, str] | None = None, notes: Mapping[Any, Any] | None = None, **kwargs: Any
    ) -> None:
        """Keep the icons and the notes beside the choices."""
        super().__init__(**kwargs)
        self.icons = dict(icons or {})
        self.notes = dict(notes or {})

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Give an option its icon and note."""
        option = super().create_option(name, value, *args, **kwargs)
        plain = getattr(value, "value", value)
        return {**option, "icon": self.icons.get(plain, ""), "note": self.notes.get(plain, "")}


class Chips(RadioSelect):
    """Short answers in a row, as days or round numbers."""

    template_name = "forms/chips.html"


class Stepper(NumberInput):
    """A number between a minus and a plus button; without JavaScript a plain number field.

    `unit` is the word for one and for more, as ("kamer", "kamers").
    """

    template_name = "forms/stepper.html"
    default_attrs: ClassVar[dict[str, str]] = {"inputmode": "numeric"}

    def __init__(self, *, unit: tuple[Any, Any] = ("", ""), attrs: dict[str, Any] | None = None) -> None:
        """Keep the words of the unit."""
        super().__init__(attrs={**self.default_attrs, **(attrs or {})})
        self.unit = unit

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Add the words of the unit to what the template knows."""
        context: dict[str, Any] = super().get_context(name, value, attrs)
        context["widget"].update(unit_one=self.unit[0], unit_many=self.unit[1])
        return context
