"""Ratings, emulation, discipline, ethics cases and what officials are told. People enter all of it."""

from collections.abc import Mapping

from congvu.rules.shape import Shape, shape

PERIOD = ("month", "quarter", "year")
LEVEL = ("excellent", "good", "completed", "not_completed")
OF = ("civil_servant", "public_employee")
TITLE = ("advanced_worker", "grassroots_fighter")
FORM = ("reprimand", "warning", "removal", "dismissal")
OUTCOME = ("decided", "no_discipline", "limitation_passed")
GROUND = ("illness", "maternity", "prosecution")

KINDS: Mapping[str, Shape] = {
    "staff.service.entered": shape("person membership unit actor"),
    "staff.code.acknowledged": shape("person actor", in_writing=bool),
    "staff.commissioner.left": shape("post unit actor"),
    "staff.commissioner.named": shape("post unit actor"),
    "staff.scoring.closed": shape("unit actor", period=PERIOD),
    "staff.product.assessed": shape(
        "product person unit actor", late=bool, major_error=bool, objective_cause=bool
    ),
    "staff.rating.given": shape("person year unit actor", period=PERIOD, level=LEVEL, of=OF, manager=bool),
    "staff.rating.closed": shape("unit actor", period=PERIOD, of=OF),
    "staff.title.given": shape("award person year unit actor", title=TITLE),
    "staff.fraud.established": shape("award person actor"),
    "staff.title.withdrawn": shape("award person actor", recovered=bool),
    "staff.violation.found": shape("case person unit actor", complex=bool),
    "staff.case.opened": shape("case person unit actor violated_on", form=FORM),
    "staff.review.held": shape("case unit actor"),
    "staff.council.formed": shape("council case actor", members=int, relatives=bool),
    "staff.council.met": shape(
        "council case actor", self_review=bool, curriculum=bool, minutes=bool, read_out=bool
    ),
    "staff.discipline.decided": shape(
        "case person unit actor",
        form=FORM,
        duty_related=bool,
        council_required=bool,
        about_expression=bool,
        balanced=bool,
    ),
    "staff.case.suspended": shape("case actor", ground=GROUND),
    "staff.case.resumed": shape("case actor"),
    "staff.case.closed": shape("case actor", outcome=OUTCOME),
    "staff.case.referred": shape("case person unit actor"),
    "staff.explanation.requested": shape("case person actor"),
}
