"""How the API is described: what an act answers, when it is refused, and which key makes it once."""

from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import Direction, OpenApiParameter, inline_serializer
from rest_framework import serializers

TEXT, NUMBER, YES = serializers.CharField, serializers.IntegerField, serializers.BooleanField
MOMENT = serializers.DateTimeField


class Refs(serializers.ListField):
    """Refs of things."""

    child = serializers.CharField()


class Reasons(serializers.ListField):
    """Lines, each in both languages."""

    child = serializers.DictField()


KEY = OpenApiParameter(
    "Idempotency-Key", OpenApiTypes.UUID, OpenApiParameter.HEADER, required=True,
    description="One for each act. The same key answers what was made before; with other facts it is refused: KeyUsedBefore.",
)  # fmt: skip


class RefusalOut(serializers.Serializer[Any]):
    """Why an act is refused. Nothing has changed."""

    code = serializers.CharField(help_text="stable, for programs: 'NotEnoughCheques'")
    detail = serializers.CharField(help_text="a sentence for people, in the language of the request")


def says(name: str, /, *, many: bool = False, **fields: type[serializers.Field[Any, Any, Any, Any]]) -> Any:
    """Return the description of an answer with these fields."""
    return inline_serializer(name, {field: kind() for field, kind in fields.items()}, many=many)


LOST = says("LostVisits", visits=Refs)


class Schema(AutoSchema):
    """Every act can be refused, and says so."""

    def _get_response_bodies(self, direction: Direction = "response") -> Any:
        bodies = super()._get_response_bodies(direction)
        if self.method == "POST":
            bodies["409"] = self._get_response_for_code(RefusalOut, "409")  # type: ignore[no-untyped-call]
        return bodies
