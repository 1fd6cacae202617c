"""Files and the archive: submission, preservation, backups, access (Law on Archives 2024, circulars).

Legal days are disclosed as ISO dates: `ended_on` when the work of a file ended (construction: was finally settled),
`due_on` when a file is due at the archive, `submitted_on`, `started_on` when a medium was put to use, `reuse_on` and
`planned_on`, `leaves_on` when an official is gone. `assignee` made the
file, or leaves. `age` is how old a file was when it was transferred.
"""

from collections.abc import Mapping

from congvu.rules.shape import Shape, shape

FORM = ("electronic", "paper")
RETENTION = ("permanent", "five_years_or_more", "under_five_years")
WORK = ("construction", "other")
TERM = ("general", "special")  # special: another law sets its own time of submission
CAUSE = ("retirement", "resignation", "transfer", "long_study")
AGE = ("within_three_years", "later")

KINDS: Mapping[str, Shape] = {
    "archive.file.opened": shape("file assignee actor unit", form=FORM),
    "archive.work.ended": shape("file assignee actor unit ended_on due_on", work=WORK, retention=RETENTION),
    "archive.file.warned": shape("file assignee unit"),
    "archive.file.retained": shape("file assignee actor unit due_on"),
    "archive.file.submitted": shape(
        "file assignee actor unit submitted_on", form=FORM, retention=RETENTION, term=TERM
    ),
    "archive.file.transferred": shape("file actor unit", form=FORM, retention=RETENTION, age=AGE),
    "archive.departure.announced": shape("membership assignee actor unit leaves_on", cause=CAUSE),
    "archive.records.handed_over": shape("membership actor unit", to=("unit", "archive")),
    "archive.records.read": shape("file actor", means=("network", "reading_room")),
    "archive.submission.registered": shape("submission actor unit"),
    "archive.submission.answered": shape("submission actor unit", answer=("agreed", "refused")),
    "archive.package.received": shape("package submission unit"),
    "archive.package.decided": shape("package submission actor unit", outcome=("accepted", "returned")),
    "archive.backup.made": shape("backup medium actor unit", extent=("incremental", "full"), own_medium=bool),
    "archive.medium.started": shape("medium actor unit started_on"),
    "archive.medium.migrated": shape("medium actor unit"),
    "archive.medium.retired": shape("medium actor unit reuse_on", secret=bool),
    "archive.medium.wiped": shape("medium actor unit"),
    "archive.inspection.planned": shape("inspection actor unit planned_on"),
    "archive.inspection.recorded": shape("inspection actor unit"),
}
