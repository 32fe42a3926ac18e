"""Money is whole cents, time is whole minutes, and a column says by its name which."""

import ast

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models

from tests.architecture.sources import dotted, modules, short, tree

TOUCH_MONEY = (
    "kernel",
    "lawbook",
    "ledger",
    "bank",
    "cheques",
    "marketplace",
    "payroll",
    "subsidies",
    "books",
)
KINDS = {
    "_cents": models.IntegerField, "_minutes": models.IntegerField, "_at": models.DateTimeField, "_on": models.DateField,
}  # fmt: skip


def floats(source: ast.AST) -> list[str]:
    """Return what could turn money into a float: the word, a literal, and division of cents."""
    found = []
    for node in ast.walk(source):
        if isinstance(node, ast.Name) and node.id == "float":
            found.append(f"float on line {node.lineno}")
        elif isinstance(node, ast.Constant) and isinstance(node.value, float):
            found.append(f"{node.value} on line {node.lineno}")
        elif (
            isinstance(node, ast.BinOp)
            and isinstance(node.op, ast.Div)
            and dotted(node.left).endswith("cents")
        ):
            found.append(f"cents / on line {node.lineno}")
    return found


def our_fields():
    for model in apps.get_models():
        if model._meta.app_label in settings.OUR_PACKAGES:
            yield from ((model, field) for field in model._meta.local_fields)


def wrongly_typed(fields) -> list[str]:
    """Return the columns whose name promises another type than they have."""
    return [
        f"{model.__name__}.{field.name}"
        for model, field in fields
        for ending, kind in KINDS.items()
        if field.name.endswith(ending) and not isinstance(field, kind)
    ]


def test_no_float_comes_near_money():
    assert [f"{short(file)}: {what}" for file in modules(*TOUCH_MONEY) for what in floats(tree(file))] == []


def test_no_column_is_a_float():
    assert [
        f"{model.__name__}.{field.name}"
        for model, field in our_fields()
        if isinstance(field, models.FloatField)
    ] == []


def test_a_column_is_what_its_name_says():
    assert wrongly_typed(our_fields()) == []


def test_a_date_field_is_not_a_moment():
    moments = [
        f"{m.__name__}.{f.name}"
        for m, f in our_fields()
        if f.name.endswith("_on") and isinstance(f, models.DateTimeField)
    ]
    assert moments == []


@pytest.mark.parametrize(
    "planted", ["fee = 0.5 * price", "share = float(total)", "each = total_cents / 3", "half: float"]
)
def test_sees_a_planted_float(planted):
    assert floats(ast.parse(planted)) != []


def test_sees_a_planted_column():
    class Planted(models.Model):
        price_cents = models.DecimalField(max_digits=9, decimal_places=2)
        paid_at = models.DateField()

        class Meta:
            app_label = "planted"
            managed = False

    assert wrongly_typed((Planted, field) for field in Planted._meta.local_fields) == [
        "Planted.price_cents",
        "Planted.paid_at",
    ]
