"""Names for use in addresses and the API: nothing to count, nothing to guess, easy to read aloud."""

import secrets

ALPHABET = "23456789abcdefghjkmnpqrstvwxyz"  # without 0 and o, 1 and i and l, and without u beside v
LENGTH = 12  # 30 to the power 12: two in a million rows are alike with a chance of one in a million


def new_ref() -> str:
    """Return a random ref of twelve characters."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
