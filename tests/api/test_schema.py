"""What the API says of itself, against what it does."""

import inspect
import os

import pytest
from django.core.management import call_command

from api.urls import urlpatterns
from tests import build
from tests.web.conftest import visitor

pytestmark = pytest.mark.django_db
__all__ = ["visitor"]
KEY = "Idempotency-Key"


@pytest.fixture
def schema(client):
    """The description, fetched as a program does that has not signed in."""
    answer = client.get("/api/schema/", headers={"Accept": "application/vnd.oai.openapi+json"})
    assert answer.status_code == 200
    return answer.json()


def operations(schema, *methods):
    return {
        (path, method): operation
        for path, found in schema["paths"].items()
        for method, operation in found.items()
        if method in (methods or ("get", "post"))
    }


def keyed(operation):
    return [one for one in operation.get("parameters", []) if (one["in"], one["name"]) == ("header", KEY)]


def test_it_is_whole_and_by_the_rules():
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", os.devnull)


def test_every_act_says_how_it_is_refused(schema):
    acts = operations(schema, "post")
    assert len(acts) > 30

    for where, act in acts.items():
        told = act["responses"]["409"]["content"]["application/json"]["schema"]
        assert told == {"$ref": "#/components/schemas/RefusalOut"}, where
    refusal = schema["components"]["schemas"]["RefusalOut"]
    assert set(refusal["required"]) == {"code", "detail"}


def test_every_answer_has_a_body_that_is_described(schema):
    bare = [
        where
        for where, one in operations(schema).items()
        for code, answer in one["responses"].items()
        if "content" not in answer
    ]
    assert bare == []


def test_the_key_is_asked_where_it_is_used_and_nowhere_else(schema):
    asking = {path for (path, _method), act in operations(schema, "post").items() if keyed(act)}
    assert all(key["required"] for act in operations(schema).values() for key in keyed(act))
    using = {
        f"/api/{pattern.pattern}".replace("<slug:", "{").replace(">", "}")
        for pattern in urlpatterns
        if (view := getattr(pattern.callback, "view_class", None))
        and "idempotency_key(" in inspect.getsource(view)
    }

    assert asking == using == {"/api/orders", "/api/orders/{ref}/refund", "/api/bookings"}


def test_without_a_key_nothing_is_made(visitor):
    customer = build.customer()
    lot = build.lot(customer, hours=10)
    client = visitor(build.owner_of(customer))
    booking = {"service": build.service().code, "starts": ["2026-12-14T10:00:00+01:00"], "minutes": 120}
    for path, facts in {
        "orders": {"hours": 2}, f"orders/{lot.order.ref}/refund": {"minutes": 60}, "bookings": booking,
    }.items():  # fmt: skip
        answer = client.post(f"/api/{path}", facts, content_type="application/json")
        assert (answer.status_code, list(answer.json())) == (400, [KEY]), path
