"""``python -m sandbox.bureau``: serve the stand-in for the payroll bureau on this machine."""

from sandbox.serving import options as standard_options
from sandbox.serving import refuse_outside_the_sandbox, serve


def main() -> None:
    refuse_outside_the_sandbox("the payroll bureau", "the gross export goes to your own bureau")
    from .app import create_app

    given = standard_options("bureau").parse_args()
    serve(lambda: create_app(given.state), given.port)


if __name__ == "__main__":
    main()
