"""People in a table, checked line by line before anybody is appointed: a dry run with a report of every bad line."""

import enum
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from congvu.base.fold import fold
from congvu.directory import naming, queries, sheets
from congvu.directory.models import Account, Address, Agency, Function, Membership, Post, Rank, Unit

# Every name that a column's header may have, folded and without spaces.
COLUMNS: dict[str, tuple[str, ...]] = {
    "full_name": ("fullname", "name", "hovaten", "hoten", "hovatendaydu"),
    "unit_code": ("unitcode", "unit", "madonvi", "donvi"),
    "post_code": ("postcode", "post", "mavitri", "mavitricongtac", "machucdanh"),
    "post_title": ("posttitle", "title", "chucdanh", "vitricongtac", "chucvu", "tenvitri"),
    "rank": ("rank", "capbac", "cap"),
    "functions": ("functions", "function", "chucnang", "nhiemvu"),
    "valid_from": ("validfrom", "from", "tungay", "ngaybonhiem", "hieulectu", "hieuluctu"),
    "local_part": ("localpart", "address", "diachithu", "tenhopthu", "diachi"),
}
NEEDED = ("full_name", "unit_code")
RANKS = {
    "official": Rank.STAFF, "chuyenvien": Rank.STAFF, "nhanvien": Rank.STAFF,
    "headofdivision": Rank.DIVISION_HEAD, "truongphong": Rank.DIVISION_HEAD, "capphong": Rank.DIVISION_HEAD,
    "headofdepartment": Rank.DEPARTMENT_HEAD, "vutruong": Rank.DEPARTMENT_HEAD, "capvu": Rank.DEPARTMENT_HEAD,
    "leaderoftheagency": Rank.AGENCY_LEADER, "lanhdaocoquan": Rank.AGENCY_LEADER,
}  # fmt: skip
FUNCTIONS = {
    "thutruong": Function.HEAD, "capphodoi": Function.DEPUTY, "phothutruong": Function.DEPUTY,
    "vanthu": Function.CLERK, "quantri": Function.ADMINISTRATOR, "quantrivien": Function.ADMINISTRATOR,
    "quantrithu": Function.MAIL_ADMINISTRATOR, "phapche": Function.LEGAL_OFFICER,
    "daoduccongvu": Function.ETHICS_OFFICER, "kiemtoan": Function.AUDITOR,
    "tiepcongdan": Function.CITIZEN_RECEPTION,
}  # fmt: skip
_BETWEEN = re.compile(r"[|;,+/]")
_PLAIN = re.compile(r"[\s_-]+")
_DAY_FIRST = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})")
# Letters and marks, and what stands between the parts of a name; nothing that a wrong encoding leaves behind.
_NAME = re.compile(r"[^\W\d_]+(?:[ .'’-]+[^\W\d_]+)*\.?(?: ?\([^()]+\))?")
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")


class Problem(enum.Enum):
    """What can be wrong with a line."""

    TOO_MANY_CELLS = "too_many_cells"
    TOO_FEW_CELLS = "too_few_cells"
    NAME_MISSING = "name_missing"
    NAME_UNREADABLE = "name_unreadable"
    TEXT_UNREADABLE = "text_unreadable"
    TEXT_LONG = "text_long"
    UNIT_UNKNOWN = "unit_unknown"
    UNIT_CLOSED = "unit_closed"
    POST_MISSING = "post_missing"
    POST_ELSEWHERE = "post_elsewhere"
    POST_DIFFERS = "post_differs"
    CODE_BAD = "code_bad"
    RANK_UNKNOWN = "rank_unknown"
    FUNCTION_UNKNOWN = "function_unknown"
    DATE_BAD = "date_bad"
    LOCAL_PART_BAD = "local_part_bad"
    LOCAL_PART_RESERVED = "local_part_reserved"
    LOCAL_PART_TAKEN = "local_part_taken"
    SAME_LINE = "same_line"
    ALREADY_APPOINTED = "already_appointed"
    SECOND_HEAD = "second_head"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What is wrong in one cell of one line; `other` names the line that it collides with, when there is one."""

    line: int
    column: str
    value: str
    problem: Problem
    other: int = 0


@dataclass(slots=True, kw_only=True)
class Appointee:
    """A good line: who is to be appointed to what, since when, with which address."""

    line: int
    full_name: str
    unit: Unit
    post: Post | None
    post_code: str
    title: str
    rank: Rank
    functions: list[str]
    valid_from: date
    local_part: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What an import would do, and what is wrong with the rest."""

    sheet: sheets.Sheet
    appointees: Sequence[Appointee]
    faults: Sequence[Fault]

    @property
    def bad_lines(self) -> int:
        """Return how many lines have a fault."""
        return len({fault.line for fault in self.faults})


@dataclass(slots=True)
class _Known:
    """What the agency has already, and what earlier lines of the table will add."""

    agency: Agency
    on: date
    columns: Sequence[str]
    root: Unit
    units: dict[str, Unit]
    posts: dict[str, Post]
    local_parts: dict[str, int]  # 0, or the line that takes it
    held: set[tuple[str, str]]  # (folded name, post code)
    heads: dict[int, int]  # unit: 0, or the line that gives it a head
    lines: dict[tuple[str, ...], int] = field(default_factory=dict)
    new_posts: dict[str, Appointee] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)


def plan(data: bytes, *, agency: Agency, on: date, encoding: str = "") -> Plan:
    """Check a table of people against the agency as it is; nothing is written. Raises a `sheets.SheetError`.

    `on` is the first day of appointments whose line names none.
    """
    sheet = sheets.read(data, columns=COLUMNS, needed=NEEDED, encoding=encoding)
    known = _known(agency, on, sheet.columns)
    good: list[Appointee] = []
    faults: list[Fault] = []
    for line in sheet.lines:
        found = _check(line, known)
        if isinstance(found, Appointee):
            good.append(found)
        else:
            faults.extend(found)
    for one in good:  # chosen addresses first: none is taken away by one that was made from a name
        if not one.local_part:
            one.local_part = _made_local_part(one, known)
    return Plan(sheet=sheet, appointees=good, faults=faults)


def _known(agency: Agency, on: date, columns: Sequence[str]) -> _Known:
    posts = Post.objects.filter(agency=agency).select_related("unit", "agency")
    held = Membership.objects.filter(agency=agency).filter(queries.after(on)).select_related("person", "post")
    return _Known(
        agency=agency,
        on=on,
        columns=columns,
        root=queries.root_unit(agency),
        units={unit.code: unit for unit in Unit.objects.filter(agency=agency).select_related("agency")},
        posts={post.code: post for post in posts},
        local_parts=dict.fromkeys(
            Address.objects.filter(agency=agency).values_list("local_part", flat=True), 0
        )
        | _usernames(agency),
        held={(fold(one.person.full_name), one.post.code) for one in held},
        heads={one.post.unit_id: 0 for one in held if "head" in one.post.functions},
    )


def _usernames(agency: Agency) -> dict[str, int]:
    ending = f"@{agency.domain}"
    names = Account.objects.filter(username__endswith=ending).values_list("username", flat=True)
    return {name.removesuffix(ending): 0 for name in names}


def _check(line: sheets.Line, known: _Known) -> Appointee | list[Fault]:
    """Return the appointee of a line, or everything that is wrong with it."""
    reader = _LineReader(line, known)
    one = reader.appointee()
    if not reader.faults:
        reader.settle_post(one)
    if not reader.faults:
        reader.compare(one)
    if reader.faults:
        return reader.faults
    _remember(one, known)
    return one


@dataclass(slots=True)
class _LineReader:
    """Reads one line; a cell that cannot be read leaves a fault and a value that is never used."""

    line: sheets.Line
    known: _Known
    faults: list[Fault] = field(default_factory=list)

    def appointee(self) -> Appointee:
        """Return what the cells say."""
        if self.line.surplus:
            self._note("", Problem.TOO_MANY_CELLS)
        if self.line.missing and self.line.missing >= len(self.known.columns) - 1:
            self._note("", Problem.TOO_FEW_CELLS)
        since = self._since()
        return Appointee(
            line=self.line.number,
            full_name=self._full_name(),
            unit=self._unit(since),
            post=None,
            post_code=self._code(),
            title=self._title(),
            rank=self._rank(),
            functions=self._functions(),
            valid_from=since,
            local_part=self._local_part(),
        )

    def settle_post(self, one: Appointee) -> None:
        """Find the post that a line means, or let it create one."""
        one.post = self.known.posts.get(one.post_code) if one.post_code else None
        same = self.known.new_posts.get(one.post_code) if one.post_code else None
        if one.post is None and same is None:
            if not one.title:
                self._note("post_title", Problem.POST_MISSING)
            return
        unit = one.post.unit if one.post else same.unit if same else one.unit
        if unit.pk != one.unit.pk:
            self._note("post_code", Problem.POST_ELSEWHERE)
        if same is not None and (one.title or same.title, one.rank, one.functions) != (
            same.title,
            same.rank,
            same.functions,
        ):
            self._note("post_code", Problem.POST_DIFFERS, same.line)
        if one.post is not None and one.functions and one.functions != one.post.functions:
            self._note("functions", Problem.POST_DIFFERS)

    def compare(self, one: Appointee) -> None:
        """Find what collides with the agency as it is, or with an earlier line."""
        earlier = self.known.lines.get(_identity(one))
        if earlier is not None:
            self._note("full_name", Problem.SAME_LINE, earlier)
        if one.post and (fold(one.full_name), one.post.code) in self.known.held:
            self._note("full_name", Problem.ALREADY_APPOINTED)
        if is_head(one) and one.unit.pk in self.known.heads:
            self._note("functions", Problem.SECOND_HEAD, self.known.heads[one.unit.pk])

    def _note(self, column: str, problem: Problem, other: int = 0) -> None:
        value = self.line.cells.get(column, "")[:80]
        fault = Fault(line=self.line.number, column=column, value=value, problem=problem, other=other)
        self.faults.append(fault)

    def _cell(self, column: str) -> str:
        return self.line.cells.get(column, "")

    def _text(self, column: str, unreadable: Problem) -> str:
        try:
            return naming.clean_text(self._cell(column))
        except naming.LongTextError:
            self._note(column, Problem.TEXT_LONG)
        except (naming.BlankTextError, naming.ControlCharacterError):
            self._note(column, unreadable)
        return ""

    def _full_name(self) -> str:
        if not self._cell("full_name"):
            self._note("full_name", Problem.NAME_MISSING)
            return ""
        name = self._text("full_name", Problem.NAME_UNREADABLE)
        if name and not _NAME.fullmatch(name):
            self._note("full_name", Problem.NAME_UNREADABLE)
        return name

    def _title(self) -> str:
        return self._text("post_title", Problem.TEXT_UNREADABLE) if self._cell("post_title") else ""

    def _since(self) -> date:
        cell = self._cell("valid_from")
        try:
            return _day(cell) if cell else self.known.on
        except ValueError:
            self._note("valid_from", Problem.DATE_BAD)
            return self.known.on

    def _unit(self, since: date) -> Unit:
        unit = self.known.units.get(self._cell("unit_code").lower())
        if unit is None:
            self._note("unit_code", Problem.UNIT_UNKNOWN)
            return self.known.root
        if not queries.is_open(unit, since):
            self._note("unit_code", Problem.UNIT_CLOSED)
        return unit

    def _code(self) -> str:
        cell = self._cell("post_code")
        try:
            return naming.clean_code(cell) if cell else ""
        except naming.BadCodeError:
            self._note("post_code", Problem.CODE_BAD)
            return ""

    def _rank(self) -> Rank:
        word = _plain(self._cell("rank"))
        if not word:
            post = self.known.posts.get(self._cell("post_code").lower())
            return Rank(post.rank) if post else Rank.STAFF
        found = {_plain(rank.value): rank for rank in Rank} | RANKS
        if word not in found:
            self._note("rank", Problem.RANK_UNKNOWN)
        return found.get(word, Rank.STAFF)

    def _functions(self) -> list[str]:
        words = [_plain(word) for word in _BETWEEN.split(self._cell("functions")) if word.strip()]
        found = {_plain(one.value): one for one in Function} | FUNCTIONS
        if not all(word in found for word in words):
            self._note("functions", Problem.FUNCTION_UNKNOWN)
        chosen = {found[word] for word in words if word in found}
        return [one.value for one in Function if one in chosen]

    def _local_part(self) -> str:
        cell = self._cell("local_part").lower().removesuffix(f"@{self.known.agency.domain}")
        if not cell:
            return ""
        try:
            local_part = naming.clean_local_part(cell)
        except naming.BadLocalPartError:
            self._note("local_part", Problem.LOCAL_PART_BAD)
            return ""
        except naming.ReservedLocalPartError:
            self._note("local_part", Problem.LOCAL_PART_RESERVED)
            return ""
        if local_part in self.known.local_parts:
            self._note("local_part", Problem.LOCAL_PART_TAKEN, self.known.local_parts[local_part])
        return local_part


def _remember(one: Appointee, known: _Known) -> None:
    known.lines[_identity(one)] = one.line
    if one.local_part:
        known.local_parts[one.local_part] = one.line
    if one.post is None and one.post_code:
        known.new_posts.setdefault(one.post_code, one)
    if is_head(one):
        known.heads[one.unit.pk] = one.line


def _identity(one: Appointee) -> tuple[str, ...]:
    """Two people may have one name; the same name on the same post, with no address to tell them apart, is one."""
    return (fold(one.full_name), one.unit.code, one.post_code or fold(one.title), one.local_part)


def is_head(one: Appointee) -> bool:
    """Return whether a line appoints the head of its unit."""
    return Function.HEAD in (one.post.functions if one.post else one.functions)


def _made_local_part(one: Appointee, known: _Known) -> str:
    made = naming.local_part_from(
        one.full_name, is_taken=known.local_parts.__contains__, numbers=known.numbers
    )
    known.local_parts[made] = one.line
    return made


def _plain(word: str) -> str:
    return _PLAIN.sub("", fold(word))


def _day(cell: str) -> date:
    """Return a day written as 2026-03-01 or, as offices do, 1/3/2026; raises ValueError."""
    if _ISO.fullmatch(cell):
        return date.fromisoformat(cell)
    parts = _DAY_FIRST.fullmatch(cell)
    if parts is None:
        raise ValueError(cell)
    return date(int(parts[3]), int(parts[2]), int(parts[1]))
