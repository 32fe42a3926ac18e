"""Logs as lines of JSON, with numbers of people taken out before they are written."""

import re
from typing import Any

import structlog

IBAN = re.compile(r"\b[A-Z]{2}\d{2}[ ]?(?:[A-Z0-9]{4}[ ]?){2,7}[A-Z0-9]{1,4}\b")
NINE_DIGITS = re.compile(r"(?<![\d.-])\d{9}(?![\d.-])")


def without_numbers(text: str) -> str:
    """Return a text in which IBANs and numbers that pass the BSN's check are replaced."""
    text = IBAN.sub("[iban]", text)
    return NINE_DIGITS.sub(lambda found: "[bsn]" if _passes_eleven(found[0]) else found[0], text)


def _passes_eleven(digits: str) -> bool:
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    return sum(weight * int(digit) for weight, digit in zip(weights, digits, strict=True)) % 11 == 0


class WithoutNumbers:
    """A last step of the formatter: what leaves as a line holds no number of a person."""

    def __init__(self, renderer: Any) -> None:
        self.renderer = renderer

    def __call__(self, logger: Any, name: str, event: Any) -> str:
        return without_numbers(str(self.renderer(logger, name, event)))


def logging_settings(*, as_json: bool) -> dict[str, Any]:
    """Return Django's LOGGING: one handler, to standard error."""
    renderer = structlog.processors.JSONRenderer() if as_json else structlog.dev.ConsoleRenderer(colors=False)
    before = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "lines": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    WithoutNumbers(renderer),
                ],
                "foreign_pre_chain": before,
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "lines"}},
        "root": {"handlers": ["stderr"], "level": "INFO"},
        "loggers": {
            "django.server": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
            "axes": {"level": "WARNING"},
            "fontTools": {"level": "WARNING"},
        },
    }
