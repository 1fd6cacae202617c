"""The directory's words for people: functions, ranks, and what is wrong with a table and how to mend it."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from congvu.directory import sheets
from congvu.directory.importing import Fault, Problem
from congvu.directory.models import Address, Function, Rank

FUNCTIONS = {
    Function.HEAD: _("Head of unit"),
    Function.DEPUTY: _("Deputy"),
    Function.CLERK: _("Registry clerk"),
    Function.ADMINISTRATOR: _("Administrator"),
    Function.MAIL_ADMINISTRATOR: _("Mail administrator"),
    Function.LEGAL_OFFICER: _("Legal officer"),
    Function.ETHICS_OFFICER: _("Ethics officer"),
    Function.AUDITOR: _("Auditor"),
    Function.CITIZEN_RECEPTION: _("Reception of citizens"),
}
RANKS = {
    Rank.STAFF: pgettext_lazy("rank", "Official"),
    Rank.DIVISION_HEAD: pgettext_lazy("rank", "Head of division"),
    Rank.DEPARTMENT_HEAD: pgettext_lazy("rank", "Head of department"),
    Rank.AGENCY_LEADER: pgettext_lazy("rank", "Leader of the agency"),
}
KINDS = {
    Address.Kind.PERSONAL: pgettext_lazy("address", "Personal"),
    Address.Kind.UNIT: pgettext_lazy("address", "Of the unit"),
    Address.Kind.AGENCY: pgettext_lazy("address", "Of the agency"),
}
COLUMNS = {
    "full_name": _("Full name"),
    "unit_code": _("Unit code"),
    "post_code": _("Post code"),
    "post_title": _("Post title"),
    "rank": _("Rank"),
    "functions": _("Functions"),
    "valid_from": _("From"),
    "local_part": _("Address"),
    "": _("Whole line"),
}

# For each problem: what is wrong, and how to mend it.
PROBLEMS = {
    Problem.TOO_MANY_CELLS: (
        _("The line has more cells than the header."),
        _("Put text that holds the separator into quotation marks."),
    ),
    Problem.TOO_FEW_CELLS: (
        _("The line has only one cell."),
        _("Complete the line; perhaps the file was cut off here."),
    ),
    Problem.NAME_MISSING: (_("There is no name."), _("Write the person's full name.")),
    Problem.NAME_UNREADABLE: (
        _("The name holds signs that are not letters."),
        _("Save the file as UTF-8 from the program that wrote it; convert old fonts such as TCVN3 first."),
    ),
    Problem.TEXT_UNREADABLE: (_("The text cannot be read."), _("Write it again in letters.")),
    Problem.TEXT_LONG: (_("The text is longer than 200 characters."), _("Shorten it.")),
    Problem.UNIT_UNKNOWN: (
        _("There is no unit with this code."),
        _("Write a code from the page Units, or open the unit first."),
    ),
    Problem.UNIT_CLOSED: (
        _("The unit is not open on that day."),
        _("Choose a later first day, or another unit."),
    ),
    Problem.POST_MISSING: (
        _("There is neither a known post code nor a post title."),
        _("Write the code of an existing post, or a title for a new one."),
    ),
    Problem.POST_ELSEWHERE: (
        _("The post with this code belongs to another unit."),
        _("Correct the unit code or the post code."),
    ),
    Problem.POST_DIFFERS: (
        _("The same post code is described differently elsewhere."),
        _("Give the same title, rank and functions, or another post code."),
    ),
    Problem.CODE_BAD: (
        _("The post code is not written as a code."),
        _("Use letters a to z, digits, points, hyphens or underscores, at most 40."),
    ),
    Problem.RANK_UNKNOWN: (
        _("There is no such rank."),
        _("Write staff, division_head, department_head or agency_leader, or leave it empty."),
    ),
    Problem.FUNCTION_UNKNOWN: (
        _("There is no such function."),
        _("Write functions such as head, deputy or clerk, several with | between them."),
    ),
    Problem.DATE_BAD: (_("This is not a date."), _("Write 2026-03-01 or 1/3/2026 (day first).")),
    Problem.LOCAL_PART_BAD: (
        _("This cannot stand before the @ of an address."),
        _("Use letters a to z, digits, points, hyphens or underscores; or leave it empty."),
    ),
    Problem.LOCAL_PART_RESERVED: (
        _("This address is kept for the mail system."),
        _("Choose another one, or leave it empty."),
    ),
    Problem.LOCAL_PART_TAKEN: (
        _("This address was given already; an address never changes hands."),
        _("Choose another one, or leave it empty."),
    ),
    Problem.SAME_LINE: (
        _("The same person stands on the same post in an earlier line."),
        _("Remove one of the lines; for two people of one name write different addresses."),
    ),
    Problem.ALREADY_APPOINTED: (_("This person holds this post already."), _("Remove the line.")),
    Problem.SECOND_HEAD: (
        _("The unit would have two heads."),
        _("End the other appointment first, or remove the function head."),
    ),
}
SHEET_ERRORS: dict[type[sheets.SheetError], object] = {
    sheets.EmptySheetError: _("The file holds no line below its header."),
    sheets.TooLargeError: _("The file is larger than 30 MB or has more than 200,000 lines. Split it."),
    sheets.NulError: _("The file holds NUL characters: it is not a text file. Save it as CSV."),
    sheets.CutOffError: _(
        "The file is cut off in the middle of a cell or of a letter. Save and send it again."
    ),
    sheets.DamagedTextError: _("The file holds a damaged letter. Save it as UTF-8 and send it again."),
    sheets.NoHeaderError: _("The first line must name the columns full_name and unit_code."),
    sheets.TwiceInHeaderError: _("The first line names a column twice."),
    sheets.UnevenLineError: _("A quotation mark inside a cell is not doubled."),
}


def sheet_sentence(error: sheets.SheetError) -> str:
    """Return what is wrong with the whole file, with its line where it is known."""
    sentence = str(SHEET_ERRORS[type(error)])
    return f"{_('Line')} {error.line}: {sentence}" if error.line else sentence


def fault_row(fault: Fault) -> tuple[int, str, str, str, str]:
    """Return a fault as people read it: line, column, what stands there, what is wrong, how to mend it."""
    wrong, mend = PROBLEMS[fault.problem]
    where = f" ({_('Line')} {fault.other})" if fault.other else ""
    return fault.line, str(COLUMNS[fault.column]), fault.value, f"{wrong}{where}", str(mend)


def report_rows(faults: list[Fault]) -> list[tuple[object, ...]]:
    """Return a report of faults as rows of a table, with its header."""
    header = (_("Line"), _("Column"), _("What stands there"), _("What is wrong"), _("How to mend it"))
    return [tuple(str(cell) for cell in header), *(fault_row(fault) for fault in faults)]
