"""The page of the three matches."""

import pytest

from tests import build, build_books
from tests.build_books import DECEMBER

pytestmark = pytest.mark.django_db


def test_shows_what_agrees_and_what_waits(visitor, monkeypatch):
    monkeypatch.setattr(build_books.remittances, "match_open_lines", lambda *, at: 0)
    build_books.month()

    text = visitor(build.member("auditor"), at=DECEMBER).get("/kantoor/aansluiting/").content.decode()

    assert "1 sluiten aan" in text
    assert "Zelfde bedrag als bankregel" in text
    assert "75%" in text, "the line that has no name counts"
    assert "3 van 4 delen" in text


def test_empty_books_say_so(visitor):
    assert (
        "alles sluit aan"
        in visitor(build.member("auditor"), at=DECEMBER).get("/kantoor/aansluiting/").content.decode()
    )
