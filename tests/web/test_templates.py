"""What templates may lean on: classes that are in the stylesheet, icons that are drawn, no code inside the page."""

import re
from pathlib import Path

import pytest

WEB = Path(__file__).resolve().parents[2] / "web"
TEMPLATES = sorted((WEB / "templates").rglob("*.html"))
STYLES = (WEB / "built" / "wijk.css").read_text()
ICONS = {line.split("#")[0].strip() for line in (WEB / "styles" / "icons.txt").read_text().splitlines()} - {
    ""
}


def _classes(text: str) -> set[str]:
    """Return the classes of a template that are written out whole."""
    found: set[str] = set()
    for value in re.findall(r'class="([^"]*)"', text):
        plain = re.sub(r"{%.*?%}", " ", value)
        found |= {word for word in plain.split() if re.fullmatch(r"(wijk|utrecht)-[\w-]*\w", word)}
        found |= set(
            re.findall(r"(?<![\w-])(?:wijk|utrecht)-[\w-]*\w(?![\w-]|{{)", re.sub(r"{{.*?}}", "{{", plain))
        )
    return found


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(WEB / "templates")))
class TestTemplate:
    def test_uses_only_classes_of_the_stylesheet(self, template):
        known = set(re.findall(r"\.((?:wijk|utrecht)-[\w-]+)", STYLES)) | MARKS
        assert _classes(template.read_text()) - known == set()

    def test_draws_only_icons_that_are_built(self, template):
        named = re.findall(r'{% icon "([^"]+)"|icon_name="([^"]+)"', template.read_text())
        assert {one or other for one, other in named} <= ICONS

    def test_keeps_code_and_style_out_of_the_page(self, template):
        text = template.read_text()
        assert not re.search(r"""\s(?:on[a-z]+|style)\s*=\s*["']""", text), "the security policy refuses it"
        assert not re.search(r"<script(?![^>]*(?:src=|application/json))", text)


# Names that mark a place for the library or for tests, and carry no style of their own
MARKS = {
    "utrecht-link--html-a", "utrecht-button-link--html-a", "utrecht-table--html-table", "utrecht-select--html-select",
    "utrecht-textarea--html-textarea", "utrecht-checkbox--html-input", "utrecht-radio-button--html-input",
    "utrecht-form-fieldset__fieldset", "utrecht-badge", "wijk-chain__body", "wijk-field--checkbox",
}  # fmt: skip


def test_a_class_that_is_nowhere_is_found():
    assert _classes('<p class="utrecht-nothing {% if a %}wijk-none{% endif %}">') == {
        "utrecht-nothing",
        "wijk-none",
    }
