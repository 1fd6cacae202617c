"""congvu mail dkim create | show | rotate | start."""

import argparse
import asyncio
from datetime import timedelta

from django.conf import settings

from congvu.base import clock
from congvu.directory.models import Agency
from congvu.mail.actions import dkim
from congvu.mail.authentication import resolving, taglist
from congvu.mail.authentication.resolving import Asker, TemporaryError
from congvu.mail.authentication.taglist import TagListError
from congvu.mail.commands import choosing
from congvu.mail.models import DkimKey
from congvu.mail.queries import dkim_keys

UNDER_WAY = timedelta(days=7)  # a letter may wait five days at a relay, and then be looked at
_PIECE = 250  # octets of one string of a TXT record (RFC 1035, 3.3)


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `dkim` and its verbs."""
    noun = subparsers.add_parser("dkim", help="sign mail to others with the agency's own key")
    verbs = noun.add_subparsers(dest="act", required=True)
    for name, run, said in [
        ("create", run_create, "make the first key and print the record to publish; nothing is signed yet"),
        ("show", run_show, "show the keys, their records, and whether these are published"),
        ("rotate", run_rotate, "make the next key; the old one signs until the next is started"),
        ("start", run_start, "sign with the key that waits, once its record is published"),
    ]:
        one = verbs.add_parser(name, help=said)
        choosing.run_for_agency(one, run)
        if name == "start":
            one.add_argument("--unchecked", action="store_true", help="do not ask whether it is published")


def run_create(_arguments: argparse.Namespace, agency: Agency) -> int:
    """Make the first key."""
    try:
        made = dkim.make_first(agency=agency, now=clock.now())
    except dkim.KeyThereError:
        return choosing.complain("there is a key already: see `congvu mail dkim show`, or rotate it")
    return _tell(made)


def run_rotate(_arguments: argparse.Namespace, agency: Agency) -> int:
    """Make the next key."""
    try:
        made = dkim.rotate(agency=agency, now=clock.now())
    except dkim.NoKeyError:
        return choosing.complain("there is no key yet: `congvu mail dkim create` makes one")
    except dkim.KeyWaitsError as error:
        return choosing.complain(f"{error} waits to be published; `congvu mail dkim start` takes it into use")
    return _tell(made)


def run_start(arguments: argparse.Namespace, agency: Agency) -> int:
    """Take the key that waits into use, when the world can see it."""
    known = dkim_keys.keys(agency)
    if not known or known[-1].started_at is not None:
        return choosing.complain("no key waits: `create` or `rotate` makes one")
    state = "published" if arguments.unchecked else published(known[-1])
    if state != "published":
        return choosing.complain(f"{dkim_keys.name(known[-1])} is {state}; nothing was changed")
    started = dkim.start(agency=agency, now=clock.now())
    print(f"Mail to others is signed with {started.selector} from now on.")
    if len(known) > 1:
        until = clock.now() + UNDER_WAY
        print(
            f"Leave the record of {known[-2].selector} in place until {until:%Y-%m-%d}; letters are under way."
        )
    return 0


def run_show(_arguments: argparse.Namespace, agency: Agency) -> int:
    """Show the keys."""
    signing = dkim_keys.signing(agency)
    known = dkim_keys.keys(agency)
    if not known:
        print("There is no key; mail to others is not signed. `congvu mail dkim create` makes one.")
    for one in known:
        if one.started_at is None:
            word = "waits to be started"
        else:
            word = "signs" if signing and one.pk == signing.pk else "signs no more"
        print(f"{one.selector}: {word}; its record is {published(one)}")
        print(_record(one))
    return 0


def published(key: DkimKey) -> str:
    """Say whether the record of a key stands in the domain name system: published, missing, different, not known."""
    try:
        found = asyncio.run(_asked(dkim_keys.name(key)))
    except TemporaryError:
        return "not known: no name server answered"
    if not found:
        return "missing"
    try:
        same = "".join(taglist.read(found[0]).get("p", "").split()) == key.public
    except TagListError:
        same = False
    return "published" if same and len(found) == 1 else "different"


async def _asked(name: str) -> list[bytes]:
    return list(await Asker(resolving.resolver(settings.CONGVU_DNS)).ask(name, "TXT"))


def _tell(key: DkimKey) -> int:
    print("Publish this record, then run `congvu mail dkim start`:")
    print(_record(key))
    return 0


def _record(key: DkimKey) -> str:
    text = dkim_keys.text(key)
    pieces = [text[at : at + _PIECE] for at in range(0, len(text), _PIECE)]
    strings = "\n".join(f'    "{one}"' for one in pieces)
    return f"{dkim_keys.name(key)}. IN TXT (\n{strings} )"
