"""``python -m sandbox.bank``: serve the stand-in for the bank on this machine."""

import argparse

from sandbox.serving import options as standard_options
from sandbox.serving import refuse_outside_the_sandbox, serve


def account(text: str) -> tuple[str, str, int]:
    """Return an account from ``IBAN;name;opening balance in cents``."""
    parts = text.split(";")
    if len(parts) != 3:
        raise argparse.ArgumentTypeError("an account is 'IBAN;name;opening balance in cents'")
    return parts[0].replace(" ", ""), parts[1], int(parts[2])


def main() -> None:
    refuse_outside_the_sandbox("the bank", "files go to your own bank and statements come from it")
    from .app import Options, create_app

    parser = standard_options("bank")
    parser.add_argument(
        "--account", type=account, action="append", default=[], help="IBAN;name;opening cents"
    )
    parser.add_argument("--overdraft-cents", type=int, default=Options.overdraft_cents)
    given = parser.parse_args()
    chosen = Options(accounts=tuple(given.account), overdraft_cents=given.overdraft_cents)
    serve(lambda: create_app(given.state, chosen), given.port)


if __name__ == "__main__":
    main()
