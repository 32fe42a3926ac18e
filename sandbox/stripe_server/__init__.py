"""A stand-in for Stripe that the unmodified ``stripe`` library talks to over real HTTP.

It knows Checkout with its pay page, intents, charges, refunds, disputes, the balance, payouts and events; it
honours idempotency keys as Stripe does, signs its webhooks, and takes fault switches. No real money moves.
"""
