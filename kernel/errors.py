"""The one way in which an operation says no to a person."""

from typing import ClassVar


class Refused(Exception):
    """An act that the rules do not allow, with a sentence for the person who asked.

    `code` is the stable name the API answers with: the name of the class, unless a class sets its own.
    """

    code: ClassVar[str] = "Refused"

    def __init_subclass__(cls, **kwargs: object) -> None:
        super().__init_subclass__(**kwargs)
        if "code" not in cls.__dict__:
            cls.code = cls.__name__
