"""The tool that gathers the words of the site."""

import importlib.util
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def messages(tmp_path, monkeypatch):
    """Give the tool a project of its own."""
    spec = importlib.util.spec_from_file_location("messages_tool", ROOT / "tools" / "messages.py")
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    monkeypatch.setattr(tool, "ROOT", tmp_path)
    (tmp_path / "shop" / "templates").mkdir(parents=True)
    (tmp_path / "shop" / "page.html").write_text("{% translate 'Nergens' %}")
    (tmp_path / "shop" / "templates" / "page.html").write_text(
        "{% load i18n %}<h1>{% translate 'Dag' %}</h1>\n  {% blocktranslate %}Stap {{ n }}{% endblocktranslate %}\n"
        '{% badge "good" _("klaar (bijna)") %}'
    )
    (tmp_path / "shop" / "acts.py").write_text('raise Refused(_("Te laat, %(name)s.") % {"name": x})\n')
    return tool


def test_finds_the_words_of_templates_and_code(messages):
    found = {message.id for message in messages.gathered() if message.id}
    assert found == {"Dag", "Stap %(n)s", "klaar (bijna)", "Te laat, %(name)s."}


class TestCheck:
    def test_fails_on_a_sentence_without_english(self, messages):
        assert messages.check() == 1
        messages.update()
        assert messages.check() == 1

    def test_passes_when_all_is_translated_and_compiles(self, messages):
        messages.update()
        file = messages.po("en")
        for dutch, english in [
            ("Dag", "Hello"),
            ("Stap %(n)s", "Step %(n)s"),
            ("klaar (bijna)", "done"),
            ("Te laat, %(name)s.", "Too late, %(name)s."),
        ]:
            file.write_text(
                file.read_text().replace(
                    f'msgid "{dutch}"\nmsgstr ""', f'msgid "{dutch}"\nmsgstr "{english}"'
                )
            )
        assert messages.check() == 0

    def test_fails_when_a_name_to_fill_in_is_lost(self, messages):
        messages.update()
        file = messages.po("en")
        file.write_text(
            file.read_text().replace(
                'msgid "Te laat, %(name)s."\nmsgstr ""',
                'msgid "Te laat, %(name)s."\nmsgstr "Too late, %(who)s."',
            )
        )
        assert any(
            "Te laat" in fault and "not in" not in fault and "no English" not in fault
            for fault in messages.missing()
        )


def test_every_sentence_of_the_product_has_its_english():
    spec = importlib.util.spec_from_file_location("messages_tool", ROOT / "tools" / "messages.py")
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    assert tool.missing() == [], "run `python -m tools.messages update` and translate in locale/en"
