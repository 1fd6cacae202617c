"""congvu mail poll add | list | check | remove."""

import argparse
import sys
from pathlib import Path

from congvu.base import clock
from congvu.directory.queries import email
from congvu.mail.commands import choosing
from congvu.mail.polling import actions, server, tasks, troubles
from congvu.mail.polling.models import PolledMailbox
from congvu.mail.polling.server import Place
from congvu.mail.polling.troubles import TroubleError
from congvu.mail.queries.routes import routes

IMAPS, IMAP = 993, 143


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `poll` and its verbs."""
    noun = subparsers.add_parser("poll", help="mailboxes on other servers that are looked into by IMAP")
    verbs = noun.add_subparsers(dest="act", required=True)
    one = verbs.add_parser("add", help="look into a folder from now on, after a try")
    one.add_argument("--mailbox", required=True, help="the official address whose mail lies there")
    one.add_argument("--host", required=True)
    one.add_argument("--port", type=int, help=f"{IMAPS}, or {IMAP} with --starttls")
    one.add_argument(
        "--starttls", action="store_true", help="begin unencrypted and change over before signing in"
    )
    one.add_argument("--authority", type=Path, help="certificates that vouch for the server (PEM)")
    one.add_argument("--user", required=True)
    one.add_argument("--password-file", type=Path, required=True, help="- reads it from standard input")
    one.add_argument("--folder", default="INBOX", help="as the server writes it (RFC 3501, 5.1.3)")
    one.set_defaults(run=run_add)
    verbs.add_parser("list", help="list them, with what is wrong").set_defaults(run=run_list)
    verbs.add_parser("check", help="try each one now; nothing is taken").set_defaults(run=run_check)
    four = verbs.add_parser("remove", help="look into a folder no more, and destroy its password")
    four.add_argument("number", type=int, help="as `list` shows it")
    four.set_defaults(run=run_remove)


def run_add(arguments: argparse.Namespace) -> int:
    """Try a folder, and look into it from now on; 0 when that went well, else 2."""
    now = clock.now()
    way = routes([arguments.mailbox], now=now).get(arguments.mailbox)
    if way is None:
        return choosing.complain(f"{arguments.mailbox} is no address of this installation")
    if not (arguments.folder.isascii() and arguments.folder.isprintable()):
        return choosing.complain(
            "give the folder as the server writes it: letters beyond ASCII in modified UTF-7"
        )
    try:
        place = _place(arguments)
        with server.visit(place):
            pass
        actions.start_polling(address=way.address, place=place, now=now)
    except (OSError, UnicodeError) as error:
        return choosing.complain(f"a file cannot be read: {error}")
    except TroubleError as error:
        return choosing.complain(f"{arguments.host}: {troubles.SENTENCES[error.word]}")
    except actions.PolledAlreadyError:
        return choosing.complain("this folder is looked into already")
    print(
        f"{arguments.folder} at {arguments.host} is looked into once a minute, for {way.email}, from now on."
    )
    print("What lay there before is left alone: congvu mail import. Nothing there is changed or marked.")
    return 0


def run_list(arguments: argparse.Namespace) -> int:
    """List what is looked into; 1 when something is wrong."""
    del arguments
    rows = _rows()
    for row in rows:
        state = troubles.SENTENCES[row.trouble] if row.trouble else "well"
        looked = row.looked_at.isoformat(timespec="seconds") if row.looked_at else "not yet"
        left_out = f"  {row.skipped} left out (too large, or gone)" if row.skipped else ""
        print(f"{row.pk}  {_named(row)}  looked into: {looked}  {state}{left_out}")
    print(f"{len(rows)} mailboxes elsewhere")
    return 1 if any(row.trouble for row in rows) else 0


def run_check(arguments: argparse.Namespace) -> int:
    """Try every folder; 1 when one could not be looked into."""
    del arguments
    failed = 0
    for row in _rows():
        word = "well"
        try:
            with server.visit(tasks.place(row)) as folder:
                folder.after(row.last_uid, since=row.began_at)
        except TroubleError as error:
            word, failed = troubles.SENTENCES[error.word], failed + 1
        print(f"{row.pk}  {_named(row)}  {word}")
    return 1 if failed else 0


def run_remove(arguments: argparse.Namespace) -> int:
    """Look into a folder no more."""
    row = next((one for one in _rows() if one.pk == arguments.number), None)
    if row is None:
        return choosing.complain(f"there is no number {arguments.number}")
    actions.end_polling(row=row, now=clock.now())
    print(f"{_named(row)} is no longer looked into; its password is destroyed.")
    return 0


def _place(arguments: argparse.Namespace) -> Place:
    given = arguments.password_file
    password = sys.stdin.readline() if str(given) == "-" else given.read_text(encoding="utf-8")
    return Place(
        host=arguments.host,
        port=arguments.port or (IMAP if arguments.starttls else IMAPS),
        starttls=arguments.starttls,
        authority=arguments.authority.read_text(encoding="ascii") if arguments.authority else "",
        user=arguments.user,
        password=password.strip("\r\n"),
        folder=arguments.folder,
    )


def _rows() -> list[PolledMailbox]:
    related = ("agency", "address__agency")
    return list(PolledMailbox.objects.select_related(*related).order_by("pk"))


def _named(row: PolledMailbox) -> str:
    return f"{email(row.address)}: {row.folder} of {row.user} at {row.host}:{row.port}"
