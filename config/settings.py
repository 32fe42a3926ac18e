"""Every setting, read from the environment once. What is missing is said in a sentence, at start."""

import os
from pathlib import Path
from typing import Any

import structlog
from celery.schedules import crontab
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from config import environment, trial
from config.logs import logging_settings

BASE_DIR = Path(__file__).resolve().parent.parent
RUN_DIR = Path(os.environ.get("RUN_DIR", BASE_DIR / ".run"))

# --- what kind of installation this is
SANDBOX = environment.switch("SANDBOX")
TRIAL = not os.environ.get("DATABASE_URL")
BUILT_IN_SERVERS = TRIAL or not os.environ.get("REDIS_URL")  # "trial" then stands on each page
DEBUG = False
if SANDBOX and not TRIAL:
    raise ImproperlyConfigured("SANDBOX=1 runs only on the built-in database: leave DATABASE_URL out.")

# --- secrets: a trial makes its own, anything else must bring them
if TRIAL:
    SECRET_KEY = environment.kept_secret(BASE_DIR / ".run", "session")
    FIELD_KEYS = [environment.kept_secret(BASE_DIR / ".run", "field")]
    HASH_KEY = environment.kept_secret(BASE_DIR / ".run", "hash")
else:
    SECRET_KEY = environment.wanted("SECRET_KEY", "it signs sessions and links")
    FIELD_KEYS = environment.many("FIELD_KEYS")
    if not FIELD_KEYS:
        raise ImproperlyConfigured(
            "Set FIELD_KEYS: one or more Fernet keys, the newest first, that seal BSN and IBAN."
        )
    HASH_KEY = environment.wanted("HASH_KEY", "sealed numbers are found again by a hash with it")
SECRET_KEY_FALLBACKS = environment.many("SECRET_KEY_FALLBACKS")

# --- database: `app` for everything, `owner` for migrations
if TRIAL:
    _place: dict[str, object] = {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": str(trial.socket_folder()),
        "NAME": os.environ.get("TRIAL_DATABASE", trial.SLUG),
    }
    DATABASES: dict[str, dict[str, Any]] = {
        "default": {**_place, "USER": "app"},
        "owner": {**_place, "USER": "owner"},
    }
else:
    DATABASES = {
        "default": environment.database(os.environ["DATABASE_URL"], "DATABASE_URL"),
        "owner": environment.database(
            environment.wanted("DATABASE_OWNER_URL", "migrations run as the owner of the tables"),
            "DATABASE_OWNER_URL",
        ),
    }
DATABASES["default"]["CONN_MAX_AGE"] = 60
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DATABASES["owner"]["TEST"] = {"MIRROR": "default"}
DATABASE_ROUTERS: list[str] = []
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- broker
BROKER_DB = int(os.environ.get("BROKER_DB", "0"))
REDIS_URL = os.environ.get("REDIS_URL", "")
BROKER_URL = REDIS_URL or f"redis+socket://{trial.valkey_socket()}?virtual_host={BROKER_DB}"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL or f"unix://{trial.valkey_socket()}?db={BROKER_DB + 1}",
    }
}

# --- what lies outside
STRIPE_API_BASE = os.environ.get("STRIPE_API_BASE", "") if SANDBOX else ""
STRIPE_SECRET_KEY = os.environ.get("STRIPE_SECRET_KEY", "")
STRIPE_WEBHOOK_SECRETS = environment.many("STRIPE_WEBHOOK_SECRETS")
CARD_PAYMENT = bool(STRIPE_SECRET_KEY)  # without a key it is off, and cheques are paid by bank transfer
if CARD_PAYMENT and not (SANDBOX or TRIAL) and "_test_" in STRIPE_SECRET_KEY:
    raise ImproperlyConfigured(
        "STRIPE_SECRET_KEY is a key for testing: cheques would be given for money that is none."
    )
if CARD_PAYMENT and SANDBOX and not STRIPE_API_BASE:
    raise ImproperlyConfigured("Set STRIPE_API_BASE: in the sandbox Stripe is played by a server of our own.")
BANK_URL = os.environ.get("BANK_URL", "")
BUREAU_URL = os.environ.get("BUREAU_URL", "")
BUREAU_LAYOUT = os.environ.get(
    "BUREAU_LAYOUT", "csv"
)  # how the bureau reads and writes: payroll.bureau_layouts
INBOX_URL = os.environ.get("INBOX_URL", "") if SANDBOX else ""
SITE_URL = os.environ.get("SITE_URL", "http://127.0.0.1:8000")

# --- the product
OUR_PACKAGES = [
    "ledger", "events", "identity", "bank", "workers_pool", "cheques", "marketplace", "scheduling", "payroll",
    "subsidies", "quality", "opening", "books", "notifications", "web", "api", "config",
]  # fmt: skip
INSTALLED_APPS = [
    "django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions", "django.contrib.messages",
    "django.contrib.staticfiles", "django.contrib.postgres", "django.contrib.humanize", "django.forms",
    "allauth", "allauth.account", "allauth.mfa", "axes", "django_htmx", "rest_framework", "drf_spectacular",
    "django_filters", "csp", "django_structlog", *OUR_PACKAGES,
]  # fmt: skip
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "web" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "web.context.frame",
            ]
        },
    }
]
FORM_RENDERER = "web.forms_renderer.WijkRenderer"

# --- who signs in
AUTH_USER_MODEL = "identity.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 14}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_ADAPTER = "web.accounts.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_SESSION_REMEMBER = True  # one question less at the door
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_RATE_LIMITS: dict[str, str] | bool = False if SANDBOX else {}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = False
REQUIRE_STAFF_MFA = not SANDBOX  # the sandbox has nobody with a phone
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/binnen/"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 1
AXES_VERBOSE = False

# --- safety
ALLOWED_HOSTS = environment.many("ALLOWED_HOSTS") or (["127.0.0.1", "localhost"] if TRIAL else [])
if not ALLOWED_HOSTS:
    raise ImproperlyConfigured("Set ALLOWED_HOSTS: the names under which the site is reached, with commas.")
_HTTPS = SITE_URL.startswith("https://")
if not TRIAL and not _HTTPS:
    raise ImproperlyConfigured("SITE_URL must begin with https:// outside a trial.")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _HTTPS
SESSION_COOKIE_NAME = "__Host-session" if _HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if _HTTPS else "csrf"
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
SECURE_SSL_REDIRECT = _HTTPS
SECURE_REDIRECT_EXEMPT = ["^health$"]  # asked by the supervisor of the same machine
SECURE_HSTS_SECONDS = 31_536_000 if _HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = _HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if environment.switch("BEHIND_PROXY") else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_TRUSTED_ORIGINS = [SITE_URL]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "frame-ancestors": [NONE],
        # the pay page is reached by a redirect after a form, which browsers count as its action
        "form-action": [SELF, "https://checkout.stripe.com", *([STRIPE_API_BASE] if STRIPE_API_BASE else [])],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = FILE_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024

# --- language, time, files
LANGUAGE_CODE = "nl"
LANGUAGES = [("nl", "Nederlands"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_TZ = True
TIME_ZONE = "Europe/Amsterdam"
STATIC_URL = "static/"
STATIC_ROOT = RUN_DIR / "collected"
STATICFILES_DIRS = [BASE_DIR / "web" / "built", BASE_DIR / "web" / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # a trial serves the files where they lie; elsewhere `collectstatic` names each by its content
    "staticfiles": {
        "BACKEND": f"django.contrib.staticfiles.storage.{'' if TRIAL else 'Manifest'}StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = TRIAL
MEDIA_ROOT = RUN_DIR / "files"

# --- mail
DEFAULT_FROM_EMAIL = os.environ.get("MAIL_FROM", "buurt@wijkcheque.example")
if INBOX_URL:
    EMAIL_BACKEND = "notifications.inbox.InboxBackend"
elif os.environ.get("MAIL_HOST"):
    EMAIL_HOST = os.environ["MAIL_HOST"]
    EMAIL_PORT = int(os.environ.get("MAIL_PORT", "587"))
    EMAIL_HOST_USER = os.environ.get("MAIL_USER", "")
    EMAIL_HOST_PASSWORD = os.environ.get("MAIL_PASSWORD", "")
    EMAIL_USE_TLS = True
elif TRIAL:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = BASE_DIR / ".run" / "mail"
else:
    raise ImproperlyConfigured("Set MAIL_HOST: residents and workers sign in with a code by e-mail.")
EMAIL_TIMEOUT = 10

# --- API
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "api.schema.Schema",
    "EXCEPTION_HANDLER": "api.errors.to_response",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Wijkcheque", "VERSION": "1", "SERVE_INCLUDE_SCHEMA": False, "COMPONENT_SPLIT_REQUEST": True,
}  # fmt: skip

# --- tasks: which events go to which tasks (the outbox), and what beats
TOLD = (
    "order.paid", "booking.placed", "plan.published", "visit.crew_changed", "visit.cancelled", "assignment.worked",
    "visit.arranged", "visit.let_go", "assignment.freed", "invoice.reminded",
    "visit.confirmed", "dispute.decided", "pay_run.netted", "worker_file.kept", "complaint.answered",
    "statement.due",
    "contest.opened", "contest.answered",
)  # fmt: skip
EVENT_TASKS = {
    "plan.asked": ["scheduling.tasks.make_plan"],
    "repair.asked": ["scheduling.tasks.make_repair"],
    "notice.stored": ["cheques.tasks.handle_notice"],
    "pay_run.begun": ["payroll.tasks.compute_run"],
    "role.given": ["notifications.tasks.tell_role"],
    "worker_file.account_asked": ["notifications.tasks.tell_account"],
    **{kind: ["notifications.tasks.tell"] for kind in TOLD},
}
# a plan takes long: it has a queue of its own, so that nothing else waits for it; a sick call waits for no plan either
TASK_QUEUES = {"scheduling.tasks.make_plan": "plans", "scheduling.tasks.make_repair": "repairs"}
# a worker that takes several queues empties them in this order
QUEUES = ("repairs", "celery", "plans")
BEAT = {
    "plans that were killed": {"task": "scheduling.tasks.end_silent_runs", "schedule": crontab()},
    "silence confirms": {"task": "scheduling.tasks.confirm_silent", "schedule": crontab(minute="*/15")},
    "poll Stripe": {"task": "cheques.tasks.poll_stripe", "schedule": crontab(minute="*/10")},
    "expire cheques": {"task": "cheques.tasks.expire_due", "schedule": crontab(minute=20)},
    # every day of January: what a day missed, the next one says
    "yearly statements": {
        "task": "cheques.tasks.announce_year",
        "schedule": crontab(minute=10, hour=9, month_of_year=1),
    },
    "ask the bank": {"task": "payroll.tasks.fetch_answers", "schedule": crontab(minute="*/10")},
    "wages in the bank": {"task": "payroll.tasks.match_open_lines", "schedule": crontab(minute=40)},
    "subsidies in the bank": {"task": "subsidies.tasks.match_open_lines", "schedule": crontab(minute=45)},
}
TASK_TIME_LIMIT = 600

# --- logs
structlog.configure(
    processors=[
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)
LOGGING = logging_settings(as_json=not environment.switch("PLAIN_LOGS"))
DJANGO_STRUCTLOG_CELERY_ENABLED = True
SILENCED_SYSTEM_CHECKS = (
    [] if _HTTPS else ["security.W004", "security.W008", "security.W012", "security.W016"]
)
