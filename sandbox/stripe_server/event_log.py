"""Events as the API offers them, so that what a webhook did not bring can be asked for."""

from typing import Any

from .account import Account, Thing
from .errors import StripeError
from .forms import Form
from .rendering import created_between, cut, rendered

_DELIVERED = "EXISTS (SELECT 1 FROM delivery WHERE delivery.event = thing.id AND state = 'delivered')"
MOST_TYPES = 20


def retrieve(account: Account, form: Form, identifier: str) -> Thing:
    form.nothing_else()
    return rendered(account, account.find("event", identifier))


def list_all(account: Account, form: Form) -> Thing:
    """List events; ``delivery_success=false`` gives those whose webhook nobody answered with 2xx."""
    conditions: list[str] = ["object = ?"]
    values: list[Any] = ["event"]
    types, one_type = form.texts("types"), form.text("type")
    if types and one_type:
        raise StripeError("You may only specify one of these parameters: type, types.", param="types")
    if len(types) > MOST_TYPES:
        raise StripeError(f"types has up to {MOST_TYPES} names.", param="types")
    if wanted := types or ([one_type] if one_type else []):
        conditions.append(f"({' OR '.join(['json_extract(body, ?) GLOB ?'] * len(wanted))})")
        for name in wanted:
            values += ["$.type", name]
    delivered = form.flag("delivery_success")
    if delivered is not None:
        conditions.append(_DELIVERED if delivered else f"NOT {_DELIVERED}")
    created_between(form, conditions, values)
    return cut(account, form, "/v1/events", conditions, values)
