"""Four clean invented books that use everything the grammar has, and a clean book of any length."""

from pathlib import Path

from congvu.rules.book import Book
from congvu.rules.calendars import NationalCalendar
from congvu.rules.loader import load_calendar, read_book

ROOT = Path(__file__).resolve().parents[2]
CALENDAR_FOLDER = ROOT / "rulebook" / "calendars"

HEAD = """\
book: {id}
version: {version}
original: vi
title: {{vi: "Văn bản {id}", en: "Act {id}"}}
source:
  issuer: {{vi: "Cơ quan", en: "Issuer"}}
  number: "{number}"
  signed: {signed}
  checked: gazette
jurisdiction: {place}
calendar: vn
level: {level}
in_force: {{from: {start}{end}}}
"""

NORM = """\
  - id: {id}
    code: T-{id}
    kind: {kind}
    title: {{vi: "Tên {id}", en: "Name of {id}"}}
    text: {{vi: "Nội dung {id}", en: "Text of {id}"}}
    cite: {{article: "Điều {article}", wording: legal_text, checked: gazette}}
"""

REPORT = "{kind: petitions.petition.received, sort: report"
ANSWER = "{kind: petitions.answer.given, same: petition}"
COMPLAINT = "{kind: petitions.petition.received, sort: complaint, complexity: "

LAW_NORMS = [
    ("answer", "obligation", f"""\
    bearer: agency
    when: {REPORT}, complexity: [plain, complex]}}
    deadline: {{within: {{working_day: 10}}, day_off: next_working_day}}
    fulfil: {ANSWER}
    cancel: {{kind: petitions.petition.redirected, same: petition}}
    extend:
      notice: {{kind: petitions.extension.notified, same: petition}}
      by: {{working_day: 5}}
      times: 2
    compensate: {{kind: petitions.stage.notified, stage: in_progress, same: petition}}
"""),
    ("answer-complex", "obligation", f"""\
    bearer: agency
    when: {REPORT}, complexity: complex}}
    exception_to: [answer]
    deadline: {{within: {{day: 45}}}}
    fulfil: {ANSWER}
"""),
    ("settle", "obligation", f"""\
    bearer: agency
    when: {COMPLAINT}plain}}
    deadline: {{after: settle_within}}
    fulfil: {ANSWER}
"""),
    ("settle-special", "obligation", f"""\
    bearer: agency
    when: {COMPLAINT}specially_complex}}
    deadline: {{within: {{month: 2}}}}
    fulfil: {ANSWER}
"""),
    ("discipline", "obligation", """\
    bearer: head_of_unit
    when: {kind: staff.violation.found, complex: false}
    deadline: {within: {day: 90}}
    fulfil: {kind: staff.discipline.decided, same: case}
    suspend:
      from: {kind: staff.case.suspended, ground: [illness, prosecution], same: case}
      until: {kind: staff.case.resumed, same: case}
"""),
    ("hand-over", "obligation", """\
    bearer: assignee
    when: {kind: archive.work.ended, work: other, retention: {not: under_five_years}}
    deadline: {within: {year: 1}, start: ended_on, from: year_end}
    fulfil: {kind: archive.file.submitted, same: file}
"""),
    ("warn", "obligation", """\
    bearer: assignee
    when: {kind: archive.work.ended}
    deadline: {within: {day: 30}, before: due_on}
    fulfil: {kind: archive.file.warned, same: file}
"""),
    ("check", "obligation", """\
    bearer: official
    every: working_day
    windows: ["08:00/09:00", "14:00/15:00"]
    fulfil: {kind: mail.mailbox.checked, box: personal}
"""),
    ("back-up", "obligation", """\
    bearer: agency
    every: month
    fulfil: {kind: archive.backup.made, extent: full}
"""),
    ("excellent", "obligation", """\
    bearer: agency
    every: year
    cap:
      part: {kind: staff.rating.given, level: excellent}
      whole: {kind: staff.rating.given, level: [excellent, good]}
      percent: 20
"""),
    ("rate", "obligation", """\
    bearer: agency
    when: {kind: archive.inspection.planned}
    deadline: {by: 12-15}
    fulfil: {kind: archive.inspection.recorded, same: inspection}
"""),
    ("acknowledge", "obligation", """\
    bearer: recipient
    when: {kind: mail.message.delivered, direction: in, automatic: false, box: [personal, unit]}
    deadline: {same_day: true}
    fulfil: {kind: mail.message.acknowledged, same: [message, mailbox]}
    cancel: {kind: mail.message.recalled, same: message}
"""),
    ("paper", "prohibition", """\
    bearer: reported
    report: {kind: conduct.report.made, matter: paper_used}
"""),
    ("encouraged", "recommendation", """\
    bearer: sender
    count: {kind: mail.message.accepted, communication: [invitation, direction], automatic: false}
"""),
    ("speech", "prohibition", """\
    opinion: true
    checklist:
      - {vi: "Có căn cứ không?", en: "Is there a basis?"}
    quote: {vi: "Nguyên văn"}
"""),
    ("elsewhere", "permission", """\
    not_applicable: {vi: "Ngoài phạm vi", en: "Out of scope"}
"""),
]  # fmt: skip

CITY_NORMS = [
    ("answer-here", "obligation", f"""\
    bearer: agency
    when: {REPORT}}}
    overrides: {{book: vn.law, norm: answer, competence: "vn.law Điều 1"}}
    deadline: {{within: {{working_day: 5}}}}
    fulfil: {ANSWER}
"""),
    ("acknowledge-sooner", "obligation", """\
    bearer: recipient
    when: {kind: mail.message.delivered, direction: in, box: personal}
    deadline: {within: {working_hour: 2}}
    fulfil: {kind: mail.message.acknowledged, same: [message, mailbox]}
"""),
]  # fmt: skip

AGENCY_NORMS = [
    ("open", "obligation", """\
    bearer: agency
    when: {kind: archive.submission.registered}
    deadline: {next_working_morning: true}
    fulfil: {kind: archive.submission.answered, same: submission}
"""),
]  # fmt: skip


def head(
    name: str, *, version: int = 1, place: str = "vn", level: str = "nation", start: str, end: str = ""
) -> str:
    """Return the head of a book."""
    return HEAD.format(
        id=name,
        version=version,
        number=f"{version}/{name}",
        signed=f"{int(start[:4]) - 1}-12-01",
        place=place,
        level=level,
        start=start,
        end=f", to: {end}" if end else "",
    )


def norms(rows: list[tuple[str, str, str]]) -> str:
    """Return the norms of a book."""
    written = (
        NORM.format(id=name, kind=kind, article=number) + rest
        for number, (name, kind, rest) in enumerate(rows, 1)
    )
    return "norms:\n" + "\n".join(written)


PARAMETERS = """\
parameters:
  settle_within: {unit: day, at_least: 10, at_most: 30, title: {vi: "Thời hạn", en: "Time to settle"}}
"""
EXAMPLES = """\
examples:
  - title: {vi: "Không có gì", en: "Nothing"}
    norm: answer
    as_of: "2026-03-02 08:00"
    expect: []
"""
STATUTES = {
    "law.yaml": head("vn.law", start="2019-01-01") + PARAMETERS + norms(LAW_NORMS) + EXAMPLES,
    "city-1.yaml": head("vn.city", place="vn/city", level="city", start="2020-01-01", end="2024-01-01")
    + "adopts: [vn.law]\n"
    + norms(CITY_NORMS),
    "city-2.yaml": head("vn.city", version=2, place="vn/city", level="city", start="2024-01-01")
    + "adopts: [vn.law]\n"
    + norms(CITY_NORMS),
    "agency.yaml": head("vn.agency", place="vn/city", level="agency", start="2021-01-01")
    + "adopts: [vn.city]\n"
    + norms(AGENCY_NORMS),
}


def calendars() -> dict[str, NationalCalendar]:
    """Return the calendars that ship."""
    found = (load_calendar(path)[0] for path in sorted(CALENDAR_FOLDER.glob("*.yaml")))
    return {one.id: one for one in found if one}


def books(**changed: str) -> list[Book]:
    """Return the clean books, some of them with another text."""
    texts = STATUTES | changed
    return [book for name, text in texts.items() if (book := read_book(text.encode(), name=name).book)]


def long_book(count: int) -> str:
    """Return a clean book of so many norms, told apart by a number and by words."""
    channels = ("web", "submission", "mx", "system")
    rows = [
        (f"norm-{number}", "obligation", _numbered(number, channels[number % 4])) for number in range(count)
    ]
    return head("vn.long", start="2020-01-01") + norms(rows)


def _numbered(number: int, word: str) -> str:
    return f"""\
    bearer: agency
    when: {{kind: rules.parameter.decided, value: {number}, book: {word}}}
    deadline: {{within: {{working_day: {number % 9 + 1}}}}}
    fulfil: {{kind: rules.book.adopted, same: actor}}
"""
