"""Reading JSON that others wrote: each field of the kind it should be, or a sentence that says what is wrong."""

from collections.abc import Iterator


class BadFile(ValueError):
    """A file that cannot be planned from, with a sentence that names what is wrong in it."""


class Fields:
    """The fields of one JSON object, with a name for it that a person recognises."""

    def __init__(self, content: object, name: str) -> None:
        if not isinstance(content, dict):
            raise BadFile(f"{name} is not an object with fields.")
        self._content = content
        id_ = content.get("id")
        self.name = f"{name} {id_!r}" if isinstance(id_, str) else name

    def __iter__(self) -> Iterator[str]:
        return iter(self._content)

    def _field(self, key: str) -> object:
        if key not in self._content:
            raise BadFile(f"{self.name} has no field {key!r}.")
        return self._content[key]

    def _wrong(self, key: str, kind: str) -> BadFile:
        return BadFile(f"The field {key!r} of {self.name} is not {kind}.")

    def text(self, key: str) -> str:
        """Return a field that is a text."""
        value = self._field(key)
        if not isinstance(value, str):
            raise self._wrong(key, "a text")
        return value

    def text_or_none(self, key: str) -> str | None:
        """Return a field that is a text or null."""
        return None if self._field(key) is None else self.text(key)

    def whole(self, key: str, *, least: int | None = None) -> int:
        """Return a field that is a whole number, perhaps of at least so much."""
        value = self._field(key)
        if not isinstance(value, int) or isinstance(value, bool):
            raise self._wrong(key, "a whole number")
        if least is not None and value < least:
            raise self._wrong(key, f"{least} or more")
        return value

    def truth(self, key: str) -> bool:
        """Return a field that is true or false."""
        value = self._field(key)
        if not isinstance(value, bool):
            raise self._wrong(key, "true or false")
        return value

    def items(self, key: str) -> list[object]:
        """Return a field that is a list."""
        value = self._field(key)
        if not isinstance(value, list):
            raise self._wrong(key, "a list")
        return value

    def texts(self, key: str) -> list[str]:
        """Return a field that is a list of texts."""
        items = self.items(key)
        texts = [item for item in items if isinstance(item, str)]
        if len(texts) != len(items):
            raise self._wrong(key, "a list of texts")
        return texts

    def wholes_of(self, items: object, key: str) -> list[int]:
        """Return the whole numbers of a list that was found in the field."""
        if not isinstance(items, list):
            raise self._wrong(key, "a list of whole numbers")
        wholes = [item for item in items if isinstance(item, int) and not isinstance(item, bool)]
        if len(wholes) != len(items):
            raise self._wrong(key, "a list of whole numbers")
        return wholes

    def part(self, key: str) -> "Fields":
        """Return a field that is itself an object."""
        return Fields(self._field(key), f"the field {key!r} of {self.name}")

    def table(self, key: str) -> "Fields":
        """Return a field that is an object with any names."""
        return self.part(key)

    def parts(self, key: str) -> list["Fields"]:
        """Return a field that is a list of objects."""
        singular = key.removesuffix("s")
        return [Fields(item, singular) for item in self.items(key)]
