"""Text that only a few may read: encrypted at rest, found again by a keyed hash, shown masked."""

import hashlib
import hmac
from typing import TYPE_CHECKING, Any

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.db import models


def _box() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in settings.FIELD_KEYS])


def keyed_hash(text: str) -> str:
    """Return the hash under which a sealed text can be looked up without being readable."""
    return hmac.new(settings.HASH_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()


def masked(text: str) -> str:
    """Return a text of which only the last three signs can be read."""
    return "•" * max(0, len(text) - 3) + text[-3:]


if TYPE_CHECKING:
    Text = models.TextField[str, str]
else:
    Text = models.TextField


class SealedText(Text):
    """A text column whose content is encrypted with the newest of the installation's field keys."""

    def get_prep_value(self, value: Any) -> Any:
        return _box().encrypt(str(value).encode()).decode() if value else value

    def from_db_value(self, value: Any, _expression: Any, _connection: Any) -> Any:
        return _box().decrypt(value.encode()).decode() if value else value
