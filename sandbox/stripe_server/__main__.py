"""``python -m sandbox.stripe_server``: serve the stand-in for Stripe on this machine."""

from sandbox.serving import options as standard_options
from sandbox.serving import refuse_outside_the_sandbox, serve


def main() -> None:
    refuse_outside_the_sandbox("Stripe", "set STRIPE_SECRET_KEY and the product talks to the real Stripe")
    from .account import Options
    from .app import create_app

    parser = standard_options("stripe_server")
    parser.add_argument("--webhook-url", default="", help="where signed webhooks go")
    parser.add_argument("--webhook-secret", default="", help="what webhooks are signed with")
    parser.add_argument(
        "--webhook-events", default="*", help="event types that are sent, with commas; * is all"
    )
    parser.add_argument("--secret-key", default=Options.secret_key, help="the key a caller must show")
    parser.add_argument("--bank-url", default="", help="the stand-in for the bank that hears of payouts")
    parser.add_argument("--bank-iban", default="", help="the account that payouts go to")
    parser.add_argument("--available-days", type=int, default=Options.available_days)
    parser.add_argument("--overdraft-cents", type=int, default=Options.overdraft_cents)
    given = parser.parse_args()
    if given.webhook_url and not given.webhook_secret:
        parser.error("--webhook-url needs --webhook-secret")
    chosen = Options(
        webhook_url=given.webhook_url,
        webhook_secret=given.webhook_secret,
        webhook_events=tuple(name for name in given.webhook_events.split(",") if name),
        secret_key=given.secret_key,
        bank_url=given.bank_url.rstrip("/"),
        bank_iban=given.bank_iban,
        available_days=given.available_days,
        overdraft_cents=given.overdraft_cents,
    )
    serve(lambda: create_app(given.state, chosen), given.port)


if __name__ == "__main__":
    main()
