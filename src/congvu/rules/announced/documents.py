"""Documents of an agency: drafted, signed, numbered, issued, received, handled (Decree 30/2020).

Legal days are disclosed as ISO dates: `due_on` of a direction. `document`, `register` and `file_list` are handles;
`assignee` is the person who was given the work. `form` is what the original is made of.
"""

from collections.abc import Mapping

from congvu.rules.shape import Shape, shape

FORM = ("electronic", "paper")
DIRECTION = ("in", "out")
URGENCY = ("ordinary", "urgent", "very_urgent", "express")  # vi: thường, khẩn, thượng khẩn, hỏa tốc
DOUBT = ("signature", "integrity", "address", "competence", "form")

ARRIVED = "documents.document.arrived"
SIGNED = "documents.document.signed"
HANDED_OVER = "documents.document.handed_over"
SETTLED = "documents.document.settled"

KINDS: Mapping[str, Shape] = {
    ARRIVED: shape("document unit", form=FORM, urgency=URGENCY),
    "documents.document.doubted": shape("document unit", form=FORM, reason=DOUBT),
    "documents.document.returned": shape("document actor unit", form=FORM, reason=DOUBT),
    "documents.document.acknowledged": shape("document actor unit", form=FORM),
    "documents.document.registered": shape(
        "document actor unit", direction=DIRECTION, form=FORM, urgency=URGENCY
    ),
    "documents.document.presented": shape("document actor unit", form=FORM, urgency=URGENCY),
    "documents.document.directed": shape("document actor unit due_on", form=FORM, urgency=URGENCY),
    HANDED_OVER: shape("document actor assignee unit due_on", form=FORM, urgency=URGENCY),
    SETTLED: shape("document actor unit", form=FORM, urgency=URGENCY),
    SIGNED: shape("document actor unit", form=FORM, urgency=URGENCY),
    "documents.document.numbered": shape("document actor unit", form=FORM),
    "documents.document.issued": shape("document actor unit", form=FORM, urgency=URGENCY),
    "documents.document.sent": shape("document actor unit", form=FORM, urgency=URGENCY),
    "documents.document.recalled": shape("document actor unit", direction=DIRECTION, form=FORM),
    "documents.recall.answered": shape("document actor unit", answer=("cancelled", "refused")),
    "documents.error.found": shape("document actor unit", fault=("content", "form", "layout", "procedure")),
    "documents.error.corrected": shape(
        "document actor unit", means=("amendment", "replacement", "letter_of_correction")
    ),
    "documents.envelope.opened": shape("document actor unit", business=bool),
    "documents.register.closed": shape("register actor unit", direction=DIRECTION),
    "documents.register.printed": shape("register actor unit", direction=DIRECTION),
    "documents.file_list.issued": shape("file_list actor unit"),
}
