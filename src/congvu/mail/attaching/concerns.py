"""All that speaks against opening a file just so, in closed words."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from congvu.mail.attaching import archives, kinds, macros, scanning
from congvu.mail.attaching.archives import Budget, Member, TooMuchError


class Concern(StrEnum):
    """What was found."""

    VIRUS = "virus"  # ClamAV knows it
    PROGRAM = "program"  # it runs when it is opened
    HIDDEN_END = "hidden_end"  # a harmless ending stands before one that runs
    CONTRADICTION = "contradiction"  # the name says one thing, the content is another
    MACRO = "macro"  # a document with a program in it
    PAGE = "page"  # a web page or drawing that may hold a script
    BOMB = "bomb"  # an archive that unpacks to a senseless size, number or depth
    LOCKED = "locked"  # an archive with a password: nobody can look into it
    SEALED = "sealed"  # an archive of a kind that is not looked into
    DAMAGED = "damaged"  # an archive that could be read in part only
    NOT_SCANNED = "not_scanned"  # ClamAV was asked and did not answer


GRAVE = frozenset({Concern.VIRUS, Concern.PROGRAM, Concern.HIDDEN_END, Concern.BOMB})
ASKED_FIRST = GRAVE | {Concern.MACRO, Concern.CONTRADICTION, Concern.PAGE, Concern.LOCKED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """Concerns about a file; `virus` is ClamAV's name for it, `inside` the first file in it that gave cause."""

    concerns: frozenset[Concern] = frozenset()
    virus: str = ""
    inside: str = ""

    @property
    def is_grave(self) -> bool:
        """Tell whether the file is one that nobody sends by mail for a good reason."""
        return not GRAVE.isdisjoint(self.concerns)

    @property
    def is_asked_first(self) -> bool:
        """Tell whether the reader is asked before the file is given out."""
        return not ASKED_FIRST.isdisjoint(self.concerns)


def of_file(name: str, content: bytes, *, clamd: str = "", seconds: float = scanning.SECONDS) -> Findings:
    """Look at a file: its name, its content, what is packed in it; with `clamd`, ask ClamAV too. Never raises."""
    family = kinds.of_content(content[: kinds.HEAD])
    found = set(_of_name(name, family))
    inside = ""
    if family in kinds.ARCHIVES:
        packed, inside = _of_archive(content, family)
        found |= packed
    elif family in kinds.SEALED:
        found.add(Concern.SEALED)
    elif family == "ole" and macros.is_locked(content):
        found = (found - {Concern.CONTRADICTION}) | {Concern.LOCKED}
    elif (family == "ole" and macros.in_compound(content)) or (family == "rtf" and macros.in_rtf(content)):
        found.add(Concern.MACRO)
    virus = ""
    if clamd:
        try:
            virus = scanning.virus(content, where=clamd, seconds=seconds)
        except scanning.NotAnsweredError:
            found.add(Concern.NOT_SCANNED)
    if virus:
        found.add(Concern.VIRUS)
    return Findings(concerns=frozenset(found), virus=virus, inside=inside)


def _of_name(name: str, family: str) -> Iterable[Concern]:
    promised = kinds.of_name(name)
    if family in kinds.RUNS or promised & kinds.RUNS:
        yield Concern.PROGRAM
    if kinds.hides_its_end(name):
        yield Concern.HIDDEN_END
    if kinds.contradicts(name, family):
        yield Concern.CONTRADICTION
    if family == "page" or "page" in promised:
        yield Concern.PAGE


def _of_archive(content: bytes, family: str) -> tuple[set[Concern], str]:
    """Look into an archive; return what was found, and the name of the first file that gave cause."""
    budget, found, inside = Budget(packed=len(content)), set[Concern](), ""
    try:
        for member in archives.members(content, family, budget):
            more = set(_of_member(member))
            inside = inside or (member.name[:200] if more - {Concern.MACRO, Concern.SEALED} else "")
            found |= more
    except TooMuchError:
        return found | {Concern.BOMB}, inside
    if budget.damage:
        found.add(Concern.DAMAGED)
    return found, inside


def _of_member(member: Member) -> Iterable[Concern]:
    if macros.in_member(member.name):
        yield Concern.MACRO
        return
    if member.is_locked:
        yield Concern.LOCKED
    if kinds.of_content(member.head) in kinds.SEALED:
        yield Concern.SEALED
    family = kinds.of_content(member.head)
    if family in kinds.RUNS or kinds.of_name(member.name) & kinds.RUNS:
        yield Concern.PROGRAM
    if kinds.hides_its_end(member.name):
        yield Concern.HIDDEN_END
