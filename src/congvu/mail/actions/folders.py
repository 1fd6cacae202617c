"""Folders of one's own: creating, renaming and removing them; what lies in them is filed by `actions.filing`."""

import unicodedata
from datetime import datetime

from congvu.base.database import atomic
from congvu.directory.queries import Seat
from congvu.mail.arranging.models import MailFilter, MailFolder
from congvu.mail.models import Item, Mailbox
from congvu.mail.policies import NotAllowedError, may_read

LONGEST = 80
MANY = 200  # folders of one box


class NoNameError(Exception):
    """A folder needs a name."""


class FolderExistsError(Exception):
    """The box has a folder of this name."""


class TooManyFoldersError(Exception):
    """The box has as many folders as a person can look through."""


class FolderNotEmptyError(Exception):
    """Something lies in the folder."""


class FolderInUseError(Exception):
    """A filter of the box files into the folder."""


def create_folder(
    *, seat: Seat, box: Mailbox, name: str, now: datetime
) -> MailFolder:  # no-evidence: personal setting
    """Make a folder in a box. Raises NotAllowedError, NoNameError, FolderExistsError or TooManyFoldersError."""
    _check_reader(seat, box, now)
    with atomic():
        _check_name(box, name)
        if MailFolder.objects.filter(agency=box.agency_id, mailbox=box).count() >= MANY:
            raise TooManyFoldersError
        return MailFolder.objects.create(
            agency_id=box.agency_id, mailbox=box, name=tidy(name), created_at=now
        )


def rename_folder(
    *, seat: Seat, folder: MailFolder, name: str, now: datetime
) -> MailFolder:  # no-evidence: personal setting
    """Give a folder another name. Raises NotAllowedError, NoNameError or FolderExistsError."""
    _check_reader(seat, folder.mailbox, now)
    with atomic():
        _check_name(folder.mailbox, name, but=folder)
        folder.name = tidy(name)
        folder.save(update_fields=["name"])
    return folder


def remove_folder(*, seat: Seat, folder: MailFolder, now: datetime) -> None:  # no-evidence: personal setting
    """Remove an empty folder. Raises NotAllowedError, FolderNotEmptyError or FolderInUseError."""
    _check_reader(seat, folder.mailbox, now)
    with atomic():
        if Item.objects.filter(filed_in=folder).exists():
            raise FolderNotEmptyError
        if MailFilter.objects.filter(folder=folder).exists():
            raise FolderInUseError
        folder.delete()


def folder_named(
    box: Mailbox, name: str, *, at: datetime
) -> MailFolder | None:  # no-evidence: personal setting
    """Return a box's folder of a name, made if need be, inside a transaction; None for no name."""
    wanted = tidy(name)
    if not wanted:
        return None
    folder, _ = MailFolder.objects.get_or_create(
        agency_id=box.agency_id, mailbox=box, name=wanted, defaults={"created_at": at}
    )
    return folder


def tidy(name: str) -> str:
    """Return a name on one line, composed and no longer than a folder's may be."""
    return " ".join(unicodedata.normalize("NFC", name).replace("\0", "").split())[:LONGEST].strip()


def _check_reader(seat: Seat, box: Mailbox, now: datetime) -> None:
    if not may_read(seat, box, now=now):
        raise NotAllowedError


def _check_name(box: Mailbox, name: str, *, but: MailFolder | None = None) -> None:
    wanted = tidy(name).casefold()
    if not wanted:
        raise NoNameError
    others = MailFolder.objects.filter(agency=box.agency_id, mailbox=box)
    others = others.exclude(pk=but.pk) if but else others
    if wanted in {one.casefold() for one in others.values_list("name", flat=True)}:
        raise FolderExistsError
