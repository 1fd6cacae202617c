"""Content lines and components of iCalendar, read within fixed limits. RFC 5545, 3.1 and 3.6."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

LARGEST = 256 << 10  # octets of a calendar that are read
MANY_LINES = 2_500
MANY_COMPONENTS = 300
DEEPEST = 4  # VCALENDAR, VTIMEZONE, STANDARD, and one to spare
LONGEST_VALUE = 8_000  # characters
LONGEST_HEAD = 1_000  # characters of name and parameters

_FOLD = re.compile(r"\r?\n[ \t]")
_HEAD = re.compile(r"([A-Za-z0-9-]{1,40})((?:;(?:\"[^\"]*+\"|[^\";:])*+)*+):")
_PARAMETER = re.compile(r";([A-Za-z0-9-]{1,40})=((?:\"[^\"]*+\"|[^\";])*+)")
_ESCAPE = re.compile(r"\\([nN,;\\])")
_CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]")
NEEDED = frozenset(
    (
        *("METHOD", "UID", "SEQUENCE", "DTSTAMP", "DTSTART", "DTEND", "DURATION", "RECURRENCE-ID", "RRULE"),
        *("RDATE", "EXDATE", "SUMMARY", "LOCATION", "DESCRIPTION", "ORGANIZER", "ATTENDEE", "STATUS"),
        *("COMMENT", "TZID", "TZOFFSETFROM", "TZOFFSETTO"),
    )
)


class Line(NamedTuple):
    """A property: its name in capitals, its parameters, its value as written, and the whole line unfolded."""

    name: str
    parameters: dict[str, str]
    value: str
    written: str

    @property
    def text(self) -> str:
        """Return the value of a TEXT property (RFC 5545, 3.3.11), without control and direction marks."""
        return clean(_ESCAPE.sub(lambda found: "\n" if found[1] in "nN" else found[1], self.value))


@dataclass(slots=True)
class Component:
    """A component with those of its properties that are needed here, and what stands in it."""

    name: str
    lines: list[Line] = field(default_factory=list)
    inside: list["Component"] = field(default_factory=list)

    def first(self, name: str) -> Line | None:
        """Return the first property of a name."""
        return next(self.all(name), None)

    def all(self, name: str) -> Iterator[Line]:
        """Yield the properties of a name."""
        return (one for one in self.lines if one.name == name)

    def within(self, name: str) -> list["Component"]:
        """Return the components of a name in this one."""
        return [one for one in self.inside if one.name == name]


def clean(text: str) -> str:
    """Take out what no line of text needs: control characters, marks of direction, and the end of long ones."""
    return _CONTROL.sub("", text[:LONGEST_VALUE]).strip()


def read(data: bytes) -> tuple[list[Component], bool]:
    """Return the calendars in some bytes, and whether there is more than is read; never raises."""
    text = data[:LARGEST].decode("utf-8", "replace").removeprefix("\ufeff")
    written = _FOLD.sub("", text).split("\n")
    top = Component("")
    is_cut = len(data) > LARGEST or len(written) > MANY_LINES
    open_ones, count = [top], 0
    for row in written[:MANY_LINES]:
        line = _line(row.rstrip("\r"))
        if line is None:
            continue
        if line.name == "BEGIN":
            count += 1
            if count > MANY_COMPONENTS or len(open_ones) > DEEPEST:
                is_cut = True
                break
            opened = Component(line.value.strip().upper()[:40])
            open_ones[-1].inside.append(opened)
            open_ones.append(opened)
        elif line.name == "END":
            _close(open_ones, line.value.strip().upper())
        elif len(open_ones) > 1:
            open_ones[-1].lines.append(line)
    return top.within("VCALENDAR"), is_cut


def _close(open_ones: list[Component], name: str) -> None:
    """Close the component of a name with those that were left open in it; an end without a beginning is nothing."""
    if any(one.name == name for one in open_ones[1:]):
        while open_ones.pop().name != name:
            pass


def _line(written: str) -> Line | None:
    """Read one content line; None for what is none, or is not needed."""
    name = written[:40].partition(":")[0].partition(";")[0].upper()
    if name in {"BEGIN", "END"}:
        return Line(name, {}, written.partition(":")[2], written)
    if name not in NEEDED:
        return None
    head = _HEAD.match(written, 0, LONGEST_HEAD)
    if head is None:
        return None
    parameters = {
        found[1].upper(): clean(found[2].replace('"', "")) for found in _PARAMETER.finditer(head[2])
    }
    value = written[head.end() : head.end() + LONGEST_VALUE]
    return Line(name, parameters, value, written[: head.end()] + value)
