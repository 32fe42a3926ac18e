"""``python -m sandbox.inbox``: serve the stand-in for mail and text messages on this machine."""

from sandbox.serving import options as standard_options
from sandbox.serving import refuse_outside_the_sandbox, serve


def main() -> None:
    refuse_outside_the_sandbox("mail and text messages", "set EMAIL_URL and mail goes out by your own server")
    from .app import create_app

    given = standard_options("inbox").parse_args()
    serve(lambda: create_app(given.state), given.port)


if __name__ == "__main__":
    main()
