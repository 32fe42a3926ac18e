"""Stripe's form encoding: ``line_items[0][price_data][currency]=eur`` becomes nested dicts and lists."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from .errors import StripeError

_PART = re.compile(r"\[([^\]]*)\]")
METADATA_KEYS, METADATA_KEY_LENGTH, METADATA_VALUE_LENGTH = 50, 40, 500


def decode(pairs: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Return the nested form of encoded pairs; ``name[]`` appends, ``name[0]`` sets by place."""
    tree: dict[str, Any] = {}
    for name, value in pairs:
        parts = [name.split("[", 1)[0], *_PART.findall(name)]
        here = tree
        for part in parts[:-1]:
            here = here.setdefault(part or str(len(here)), {})
            if not isinstance(here, dict):
                raise StripeError(f"Invalid {parts[0]}: a value and a hash at once", param=name)
        here[parts[-1] or str(len(here))] = value
    return {name: _with_lists(value) for name, value in tree.items()}


def _with_lists(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    inside = {key: _with_lists(item) for key, item in value.items()}
    if inside and all(key.isdigit() for key in inside):
        return [inside[key] for key in sorted(inside, key=int)]
    return inside


class Form:
    """The parameters of one request; what nobody asked for is refused at the end, as Stripe does."""

    def __init__(self, given: dict[str, Any], name: str = "") -> None:
        self._given = given
        self._name = name
        self._seen: set[str] = {"expand"}

    def label(self, field: str) -> str:
        return f"{self._name}[{field}]" if self._name else field

    def raw(self, field: str) -> Any:
        self._seen.add(field)
        return self._given.get(field)

    def text(self, field: str, *, required: bool = False) -> str | None:
        value = self.raw(field)
        if value is not None and not isinstance(value, str):
            raise StripeError(f"Invalid string: {self.label(field)}", param=self.label(field))
        if required and not value:
            raise self.absent(field)
        return value or None

    def needed(self, field: str) -> str:
        """Return a text that must be there.

        :raises StripeError: it is absent or empty.
        """
        value = self.text(field, required=True)
        assert value is not None
        return value

    def integer(self, field: str, default: int | None = None) -> int | None:
        value = self.text(field)
        if value is None:
            return default
        if not re.fullmatch(r"-?\d{1,15}", value):
            raise StripeError(
                f"Invalid integer: {value}", param=self.label(field), code="parameter_invalid_integer"
            )
        return int(value)

    def needed_integer(self, field: str) -> int:
        value = self.integer(field)
        if value is None:
            raise self.absent(field)
        return value

    def flag(self, field: str) -> bool | None:
        value = self.text(field)
        if value not in {None, "true", "false"}:
            raise StripeError(f"Invalid boolean: {value}", param=self.label(field))
        return None if value is None else value == "true"

    def choice(self, field: str, allowed: Iterable[str], default: str | None = None) -> str | None:
        value = self.text(field)
        if value is None:
            return default
        if value not in allowed:
            listed = ", ".join(allowed)
            raise StripeError(f"Invalid {field}: must be one of {listed}", param=self.label(field))
        return value

    def texts(self, field: str) -> list[str]:
        value = self.raw(field)
        if value in (None, ""):
            return []
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise StripeError("Invalid array", param=self.label(field))
        return value

    def part(self, field: str) -> "Form | None":
        value = self.raw(field)
        if value in (None, ""):
            return None
        if not isinstance(value, dict):
            raise StripeError("Invalid object", param=self.label(field))
        return Form(value, self.label(field))

    def parts(self, field: str) -> Iterator["Form"]:
        value = self.raw(field)
        if value in (None, ""):
            return
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise StripeError("Invalid array", param=self.label(field))
        for place, item in enumerate(value):
            yield Form(item, self.label(f"{field}][{place}") if self._name else f"{field}[{place}]")

    def metadata(self, before: dict[str, str] | None = None) -> dict[str, str]:
        """Return the metadata after this request; an empty value takes its key away."""
        value = self.raw("metadata")
        if value == "":
            return {}
        merged = {**(before or {}), **(value or {})}
        for key, text in merged.items():
            if (
                not isinstance(text, str)
                or len(key) > METADATA_KEY_LENGTH
                or len(text) > METADATA_VALUE_LENGTH
            ):
                raise StripeError(
                    f"Invalid metadata: keys have up to {METADATA_KEY_LENGTH} characters,"
                    f" values are texts of up to {METADATA_VALUE_LENGTH}",
                    param=f"metadata[{key}]",
                )
        kept = {key: text for key, text in merged.items() if text != ""}
        if len(kept) > METADATA_KEYS:
            raise StripeError(f"Metadata has up to {METADATA_KEYS} keys", param="metadata")
        return kept

    def ignore(self, *fields: str) -> None:
        """Accept parameters that change nothing in the stand-in."""
        self._seen.update(fields)

    def expansions(self) -> list[str]:
        return self.texts("expand")

    def nothing_else(self) -> None:
        """Refuse parameters that nobody read: a misspelt name must not pass unseen."""
        for field in self._given:
            if field not in self._seen:
                raise StripeError(
                    f"Received unknown parameter: {self.label(field)}",
                    code="parameter_unknown",
                    param=self.label(field),
                )

    def absent(self, field: str) -> StripeError:
        return StripeError(
            f"Missing required param: {self.label(field)}.",
            code="parameter_missing",
            param=self.label(field),
        )
