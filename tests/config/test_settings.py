"""Settings fail at start with a sentence that says what to do."""

import os
import subprocess
import sys

import pytest

from tests.architecture.sources import ROOT

REAL = {
    "DATABASE_URL": "postgres://app:x@db.example:5432/wijk",
    "DATABASE_OWNER_URL": "postgres://owner:x@db.example:5432/wijk",
    "REDIS_URL": "redis://broker.example:6379/0",
    "SECRET_KEY": "0123456789abcdefghij" * 3,
    "FIELD_KEYS": "bm90LWEtcmVhbC1rZXktYnV0LWxvbmctZW5vdWdoISE=",
    "HASH_KEY": "h" * 40,
    "ALLOWED_HOSTS": "wijk.example",
    "SITE_URL": "https://wijk.example",
    "MAIL_HOST": "mail.example",
}
ASK = "from django.conf import settings as s; print({what})"


def ask(what: str, **environment: str | None) -> subprocess.CompletedProcess[str]:
    """Read a setting in a process with this environment and no other."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    given = {name: value for name, value in environment.items() if value is not None}
    return subprocess.run(
        [sys.executable, "-c", ASK.format(what=what)], cwd=ROOT, capture_output=True, text=True, check=False,
        env={**kept, "DJANGO_SETTINGS_MODULE": "config.settings", **given},
    )  # fmt: skip


def said(what: str, **environment: str | None) -> str:
    answer = ask(what, **environment)
    assert answer.returncode == 0, answer.stderr
    return answer.stdout.strip()


class TestProduction:
    def test_starts_with_everything_that_is_wanted(self):
        assert said(
            "s.TRIAL, s.SANDBOX, s.DEBUG, s.DATABASES['default']['USER'], s.DATABASES['owner']['USER']",
            **REAL,
        ) == ("False False False app owner")

    @pytest.mark.parametrize("name", sorted(set(REAL) - {"DATABASE_URL", "REDIS_URL"}))
    def test_says_what_is_missing(self, name):
        answer = ask("s.DEBUG", **{**REAL, name: None})
        assert answer.returncode == 1
        last = answer.stderr.strip().splitlines()[-1]
        assert last.startswith("django.core.exceptions.ImproperlyConfigured: ")
        assert name in last

    @pytest.mark.parametrize(
        ("name", "value", "words"),
        [
            ("DATABASE_URL", "mysql://x@y/z", "must look like postgres://"),
            ("SANDBOX", "yes", "must be 0 or 1"),
            ("SANDBOX", "1", "only on the built-in database"),
            ("STRIPE_SECRET_KEY", "sk_test_1", "money that is none"),
            ("STRIPE_SECRET_KEY", "rk_test_1", "money that is none"),
            ("SITE_URL", "http://wijk.example", "https://"),
        ],
    )
    def test_says_what_is_wrong(self, name, value, words):
        answer = ask("s.DEBUG", **{**REAL, name: value})
        assert answer.returncode == 1
        assert words in answer.stderr.strip().splitlines()[-1]

    def test_says_trial_while_the_broker_is_the_built_in_one(self):
        assert said("s.BUILT_IN_SERVERS", **REAL) == "False"
        assert (
            said("s.BUILT_IN_SERVERS, s.BROKER_URL[:14]", **{**REAL, "REDIS_URL": None})
            == "True redis+socket:/"
        )

    def test_sends_cookies_over_https_alone(self):
        assert said("s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.SESSION_COOKIE_SECURE", **REAL) == (
            "__Host-session __Host-csrf True"
        )

    def test_passes_the_check_for_deployment(self):
        checked = subprocess.run(
            [sys.executable, "-m", "django", "check", "--deploy", "--fail-level", "WARNING"], cwd=ROOT, check=False,
            capture_output=True, text=True,
            env={"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "config.settings", "PYTHONPATH": str(ROOT), **REAL},
        )  # fmt: skip
        assert checked.returncode == 0, checked.stderr


class TestTrial:
    def test_needs_nothing_and_says_so(self):
        assert (
            said("s.TRIAL, s.SANDBOX, s.DATABASES['default']['USER'], not s.CARD_PAYMENT")
            == "True False app True"
        )

    def test_keeps_its_secret(self):
        assert said("len(s.SECRET_KEY) > 40, s.SECRET_KEY") == said("len(s.SECRET_KEY) > 40, s.SECRET_KEY")

    def test_reaches_stand_ins_in_the_sandbox_alone(self):
        stand_in = {"STRIPE_API_BASE": "http://127.0.0.1:9", "INBOX_URL": "http://127.0.0.1:8"}
        assert said("s.STRIPE_API_BASE, s.INBOX_URL", **stand_in) == ""
        assert said("s.STRIPE_API_BASE", SANDBOX="1", **stand_in) == "http://127.0.0.1:9"
