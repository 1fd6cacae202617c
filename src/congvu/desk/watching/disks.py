"""How much room is left where the evidence lies, how fast it goes, and when it will be gone. POSIX statvfs."""

import os
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from django.conf import settings

from congvu.desk.watching.models import DiskDay

REACH = timedelta(days=30)
GIGABYTE = 10**9
FILES = 1_000  # that the work of a few minutes makes


@dataclass(frozen=True, slots=True, kw_only=True)
class Disk:
    """A file system: which places lie on it (`data`, `copy`, `keys`), octets and inodes.

    Inodes are None where the file system has no fixed number, all figures where it does not answer; `per_day` is
    None until a second day was seen.
    """

    places: tuple[str, ...]
    free: int | None = None
    size: int | None = None
    free_inodes: int | None = None
    inodes: int | None = None
    per_day: float | None = None

    @property
    def name(self) -> str:
        """Return the places in a row."""
        return ", ".join(self.places)

    @property
    def used(self) -> int | None:
        """Return the octets in use."""
        return None if self.free is None or self.size is None else self.size - self.free

    @property
    def days_left(self) -> int | None:
        """Return in how many days it is full at the rate of the last month; None when it does not fill up."""
        if self.free is None or not self.per_day or self.per_day <= 0:
            return None
        return int(self.free / self.per_day)

    @property
    def is_full(self) -> bool:
        """Say whether writing fails now, or at any moment."""
        if self.free is None or self.free < GIGABYTE // 2:
            return True
        return self.free_inodes is not None and bool(self.inodes) and self.free_inodes < FILES

    @property
    def is_low(self) -> bool:
        """Say whether somebody must make room: little is left, or it will be gone within two weeks."""
        if self.free is None or self.size is None:
            return True
        if self.free < 2 * GIGABYTE or (self.free < 20 * GIGABYTE and self.free < self.size / 10):
            return True
        if self.free_inodes is not None and self.inodes and self.free_inodes < self.inodes / 20:
            return True
        return self.days_left is not None and self.days_left < 14  # noqa: PLR2004 -- as the sentence says


def disks(today: date) -> list[Disk]:
    """Return the file systems on which evidence lies, each once."""
    found: dict[object, tuple[list[str], os.statvfs_result | None]] = {}
    for name, path in places().items():
        try:
            here = _existing(path)
            found.setdefault(here.stat().st_dev, ([], os.statvfs(here)))[0].append(name)
        except OSError:
            found.setdefault(name, ([], None))[0].append(name)
    return [_disk(tuple(names), seen, today) for names, seen in found.values()]


def places() -> dict[str, Path]:
    """Return where evidence lies, by name."""
    data = Path(settings.CONGVU_DATA)
    return {"data": data, "copy": Path(settings.CONGVU_CHECKPOINT_COPY), "keys": data / "ledger" / "keys"}


def unseen(today: date) -> list[Disk]:
    """Return the file systems whose use was not kept for this day."""
    seen = set(DiskDay.objects.filter(day=today).values_list("place", flat=True))
    return [one for one in disks(today) if one.places[0] not in seen and one.used is not None]


def day_of(now: datetime) -> date:
    """Return the day under which the use of disks is kept (UTC): they belong to no agency."""
    return now.date()


def _disk(names: tuple[str, ...], seen: os.statvfs_result | None, today: date) -> Disk:
    if seen is None:
        return Disk(places=names)
    size, free = seen.f_blocks * seen.f_frsize, seen.f_bavail * seen.f_frsize
    return Disk(
        places=names,
        free=free,
        size=size,
        free_inodes=seen.f_favail if seen.f_files else None,
        inodes=seen.f_files or None,
        per_day=_growth(names[0], size - free, today),
    )


def _growth(place: str, used: int, today: date) -> float | None:
    """Return the octets a day, from the oldest day of the last month on."""
    rows = DiskDay.objects.filter(place=place, day__gte=today - REACH, day__lt=today)
    first = rows.order_by("day").first()
    return None if first is None else (used - first.used) / (today - first.day).days


def _existing(path: Path) -> Path:
    """Return the nearest folder that is there: a place is made with its first file."""
    while not path.exists() and path != path.parent:
        path = path.parent
    return path
