"""Keys between packages point upstream, by class, and leave no name behind."""

import ast

import pytest
from django.apps import apps
from django.conf import settings

from tests.architecture.sources import RIVER, calls, modules, short, tree

RELATIONS = ("ForeignKey", "OneToOneField", "ManyToManyField")


def string_keys(source: ast.AST) -> list[str]:
    """Return relations to a model of another package that is named in a string, past the import contracts."""
    found = []
    for name, call in calls(source):
        if not name.endswith(RELATIONS):
            continue
        to = next(
            (word.value for word in call.keywords if word.arg == "to"), call.args[0] if call.args else None
        )
        if isinstance(to, ast.Constant) and isinstance(to.value, str) and "." in to.value:
            found.append(to.value)
    return found


def our_models():
    return [model for model in apps.get_models() if model._meta.app_label in settings.OUR_PACKAGES]


def keys_between_packages():
    for model in our_models():
        for field in [*model._meta.get_fields()]:
            other = (
                field.remote_field.model
                if field.is_relation and not field.auto_created and field.remote_field
                else None
            )
            if other is None or isinstance(other, str):
                continue
            if other._meta.app_label in RIVER and other._meta.app_label != model._meta.app_label:
                yield model, field, other


def test_no_key_hides_in_a_string():
    assert [f"{short(file)}: {key}" for file in modules(*RIVER) for key in string_keys(tree(file))] == []


def test_a_key_to_another_package_leaves_no_name_there():
    found = list(keys_between_packages())
    assert len(found) > 20
    assert [
        f"{model.__name__}.{field.name}" for model, field, _ in found if not field.remote_field.hidden
    ] == []


def test_a_key_points_upstream():
    place = {package: number for number, package in enumerate(RIVER)}
    wrong = [
        f"{model._meta.label}.{field.name} -> {other._meta.label}"
        for model, field, other in keys_between_packages()
        if place[other._meta.app_label] > place[model._meta.app_label]
    ]
    assert wrong == []


@pytest.mark.parametrize(
    "planted",
    ['models.ForeignKey("scheduling.Visit", models.PROTECT)', 'ManyToManyField(to="identity.User")'],
)
def test_sees_a_planted_string(planted):
    assert len(string_keys(ast.parse(planted))) == 1


def test_lets_a_key_within_a_package_be():
    assert (
        string_keys(
            ast.parse('models.ForeignKey("self", models.PROTECT)\nmodels.ForeignKey("Lot", models.PROTECT)')
        )
        == []
    )
