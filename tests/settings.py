"""The settings of the product, in the sandbox, for tests."""

import os

os.environ["SANDBOX"] = "1"
os.environ.setdefault("STRIPE_API_BASE", "http://127.0.0.1:9")
os.environ.setdefault("STRIPE_SECRET_KEY", "sk_test_sandbox")
os.environ.setdefault("STRIPE_WEBHOOK_SECRETS", "whsec_sandbox")

from config.settings import *  # noqa: F403
