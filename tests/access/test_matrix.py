"""Every route, asked by every role, for what is theirs, another's, and another neighbourhood's."""

import inspect
import re
from collections.abc import Iterator

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from tests.access.asking import ask, class_of, places_of, spare_of
from tests.access.matrix import APART, MATRIX, PAGES, ROLES
from tests.access.reading import Planted, body_of, text_of

BACKEND = "django.contrib.auth.backends.ModelBackend"
# What does not answer as it should, yet: strict, so that the line must go when it is mended.
HOLES: dict[str, str] = {}
READS_A_FORM = re.compile(r"\.POST\b|\.FILES\b|\brequire_POST\b|== \"POST\"")
SHOWS_NUMBERS = {("payroll", "office:read-file")}  # the one place; that they were read is recorded


def asked() -> list[object]:
    names = [(f"{row.method} {row.route}", row) for row in MATRIX]
    return [
        pytest.param(
            row, id=name, marks=[pytest.mark.xfail(reason=HOLES[name], strict=True)] if name in HOLES else []
        )
        for name, row in names
    ]


def routes(patterns, space: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Yield the full name of every route and its pattern."""
    for found in patterns:
        if isinstance(found, URLResolver):
            deeper = f"{space}{found.namespace}:" if found.namespace else space
            yield from routes(found.url_patterns, deeper)
        else:
            yield f"{space}{found.name or found.pattern}", found


def test_every_route_has_a_row_or_a_reason():
    known = {row.route for row in MATRIX}
    found = {name for name, _pattern in routes(get_resolver().url_patterns)}

    strangers = {name for name in found - known if not name.startswith(tuple(APART))}

    assert strangers == set(), "say in tests/access/matrix.py who may reach these"
    assert known <= found, "these rows are about routes that are gone"


def test_every_method_of_the_api_has_a_row():
    known = {(row.route, row.method) for row in MATRIX}
    missing = [
        (name, method.upper())
        for name, pattern in routes(get_resolver().url_patterns)
        if name.startswith("api:")
        and hasattr(pattern.callback, "view_class")
        and not name.startswith(tuple(APART))
        for method in ("get", "post", "put", "patch", "delete")
        if hasattr(pattern.callback.view_class, method) and (name, method.upper()) not in known
    ]

    assert missing == []


def takes_what_is_sent(view, seen=frozenset()) -> bool:
    """Tell whether a page does something with a form: itself, or a function of `web` that it calls."""
    plain = inspect.unwrap(view)
    if not inspect.isfunction(plain) or plain in seen:
        return False
    if READS_A_FORM.search(inspect.getsource(plain)):
        return True
    called = [plain.__globals__.get(name) for name in plain.__code__.co_names]
    ours = [one for one in called if inspect.isfunction(one) and one.__module__.startswith("web.")]
    return any(takes_what_is_sent(one, {*seen, plain}) for one in ours)


def test_every_page_that_takes_a_form_has_a_row_for_it():
    known = {row.route for row in PAGES if row.method == "POST"}
    found = {
        name
        for name, pattern in routes(get_resolver().url_patterns)
        if not name.startswith(("api:", *APART)) and takes_what_is_sent(pattern.callback)
    }

    assert len(found) > 80, "they are found"
    assert found - known == set(), "say in tests/access/matrix.py who may send these"
    assert known - found == set(), "these rows send a form to a page that takes none"


@pytest.mark.parametrize("row", asked())
def test_answers_each_role_as_the_matrix_says(row, world, clients):
    """Nor is a number of a worker in the answer, be it a page, a file, a refusal or an error."""
    planted, wrong = Planted(), []
    for role in ROLES:
        for place in places_of(row, role):
            ref = world.ref(role, place, row.thing) if row.thing else ""
            answer = ask(row, clients[role], ref, spare_of(world, role, place))
            if planted.is_in(text_of(body_of(answer))) and (role, row.route) not in SHOWS_NUMBERS:
                wrong.append(f"{role}, {place}: shows a number of a worker")
            got, wanted = class_of(answer), row.expected(role, place)
            if got != wanted:
                wrong.append(f"{role}, {place}: {got} in place of {wanted}")

    assert wrong == []
