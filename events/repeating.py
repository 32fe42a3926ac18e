"""Tell an act that is asked once more from another act that comes under the same key."""

from typing import TypeVar

from django.utils.translation import gettext as _

from kernel.errors import Refused

Made = TypeVar("Made")


class KeyUsedBefore(Refused):
    """The key was used for something else: another number, another day, or by another customer."""


def same_again(made: Made, **asked: object) -> Made:
    """Return what a key made before, when the same is asked under it now.

    :param asked: what is asked now, by the names of the fields in which it was kept.
    :raises KeyUsedBefore: something differs. What was made before stays, and nothing new is made.
    """
    if any(getattr(made, name) != wanted for name, wanted in asked.items()):
        raise KeyUsedBefore(
            _(
                "Dit is al eerder verstuurd, met iets anders ingevuld. Het eerste is gelukt. Verstuur het nog eens als u dit ook wilt."
            )
        )
    return made
