"""A line of the log is JSON, and holds no number of a person."""

import io
import json
import logging
import logging.config

import pytest
import structlog
from django.conf import settings

from config.logs import without_numbers

BSN = "111222333"  # passes the check of eleven; nobody has it
IBAN = "NL91ABNA0417164300"


@pytest.fixture
def lines():
    """Read what the one handler writes, as the product formats it."""
    logging.config.dictConfig(settings.LOGGING)
    handler = logging.getLogger().handlers[0]
    assert isinstance(handler, logging.StreamHandler)
    out = io.StringIO()
    before = handler.setStream(out)
    yield lambda: [json.loads(line) for line in out.getvalue().splitlines()]
    handler.setStream(before)


def test_takes_planted_numbers_out(lines):
    logging.getLogger("payroll").warning("paid %s for %s", IBAN, BSN)
    structlog.get_logger("bank").info("bank.line", iban=IBAN, who={"bsn": BSN})
    try:
        raise ValueError(f"no account {IBAN}")
    except ValueError:
        logging.getLogger("bank").exception("failed for %s", BSN)

    text = json.dumps(lines())
    assert len(lines()) == 3
    assert IBAN not in text
    assert BSN not in text
    assert "[iban]" in text
    assert "[bsn]" in text


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("NL91 ABNA 0417 1643 00", "[iban]"),
        ("order 123456789 of day 20261125", "order 123456789 of day 20261125"),
        (f"({BSN})", "([bsn])"),
        ("1112223334", "1112223334"),
    ],
)
def test_leaves_other_numbers_readable(text, left):
    assert without_numbers(text) == left


def test_carries_what_is_bound_to_the_request(lines):
    with structlog.contextvars.bound_contextvars(request_id="r-1"):
        logging.getLogger("web").info("seen")
    assert lines()[0]["request_id"] == "r-1"
    assert lines()[0]["event"] == "seen"
