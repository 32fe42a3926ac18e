"""The official rules for invoices, compiled by others, run here without a network."""

import re
from functools import cache
from pathlib import Path

import pytest
from saxonche import PySaxonProcessor, PyXsltExecutable

RULES = Path(__file__).parents[2].parent / "shared" / "real-files" / "ubl-rules"
EN16931, NLCIUS = "EN16931-UBL-validation.xslt", "si-ubl-2.0.xsl"
there = pytest.mark.skipif(not RULES.is_dir(), reason="../shared/real-files is not here")
FAILED = re.compile(r"<svrl:failed-assert.*?</svrl:failed-assert>", re.DOTALL)
NAME = re.compile(r'\bid="([^"]+)"')


@cache
def _processor() -> PySaxonProcessor:
    return PySaxonProcessor(license=False)


@cache
def _compiled(name: str) -> PyXsltExecutable:
    return _processor().new_xslt30_processor().compile_stylesheet(stylesheet_file=str(RULES / name))


def broken(ubl: bytes, *rules: str) -> list[str]:
    """Return the names of the rules an invoice breaks; both sets when none is named."""
    found: list[str] = []
    for rule in rules or (EN16931, NLCIUS):
        document = _processor().parse_xml(xml_text=ubl.decode())
        report = _compiled(rule).transform_to_string(xdm_node=document)
        assert "svrl:fired-rule" in report, "the rules read the document"
        found += [name for fault in FAILED.findall(report) for name in NAME.findall(fault)[:1]]
    return found
