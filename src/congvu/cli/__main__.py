"""The command `congvu <noun> <verb>`, and `congvu run`, `congvu init`."""

import argparse
import os
import sys


def main(argv: list[str] | None = None) -> int:
    """Run one command and return its exit status."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "congvu.config.settings")
    import django  # noqa: PLC0415 -- settings must be named first

    from congvu.config.databases import DatabaseSettingError  # noqa: PLC0415 -- as above

    try:
        django.setup()
    except DatabaseSettingError as error:
        print(f"congvu: CONGVU_DATABASE: {error}", file=sys.stderr)
        return 2
    arguments = _parser().parse_args(argv)
    from congvu.base.postgresql.server import objection  # noqa: PLC0415 -- needs the settings

    if reason := objection():
        print(f"congvu: {reason}", file=sys.stderr)
        return 2
    return _run(arguments)


def _run(arguments: argparse.Namespace) -> int:
    from congvu.ledger.queries import NoAgencyError  # noqa: PLC0415 -- needs Django's registry

    try:
        status: int = arguments.run(arguments)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        return 141
    except NoAgencyError as error:
        print(f"congvu: there is no agency {error}", file=sys.stderr)
        return 1
    except OSError as error:
        if error.filename is None:
            raise
        print(f"congvu: {error.strerror}: {error.filename}", file=sys.stderr)
        return 1
    return status


def _parser() -> argparse.ArgumentParser:
    from congvu.cli import blobs, disposal, init, move, readers, run  # noqa: PLC0415 -- needs Django's registry
    from congvu.desk import cli as desk  # noqa: PLC0415 -- as above
    from congvu.directory import cli as directory  # noqa: PLC0415 -- as above
    from congvu.ledger import cli as ledger  # noqa: PLC0415 -- as above
    from congvu.ledger.timestamping import cli as stamps  # noqa: PLC0415 -- as above
    from congvu.ledger.witnessing import cli as witness  # noqa: PLC0415 -- as above
    from congvu.mail import cli as mail  # noqa: PLC0415 -- as above
    from congvu.mail.smime import cli as trust  # noqa: PLC0415 -- as above
    from congvu.petitions import cli as petitions  # noqa: PLC0415 -- as above
    from congvu.rules import cli as rules  # noqa: PLC0415 -- as above

    parser = argparse.ArgumentParser(
        prog="congvu", description="Official mail, duties and evidence of an agency."
    )
    subparsers = parser.add_subparsers(dest="noun", required=True, metavar="COMMAND")
    for part in (
        *(run, init, move, desk, directory, ledger, witness, stamps, mail, trust, petitions, rules, readers),
        *(blobs, disposal),
    ):
        part.register(subparsers)
    return parser


if __name__ == "__main__":
    sys.exit(main())
