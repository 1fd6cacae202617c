"""How a page names what speaks against opening a file."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from congvu.mail import guarding
from congvu.mail.attaching.concerns import Concern, Findings
from congvu.mail.messages import Attachment
from congvu.mail.previews import choosing
from congvu.mail.previews.rendering import office_program


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """An attached file as the page of its message lists it."""

    index: int
    filename: str
    size: int
    warnings: list[str]
    is_grave: bool
    preview: str  # yes, refused, no_office, "" for a kind that is not drawn


def listed(raw: bytes, attachments: list[Attachment]) -> list[File]:
    """Return the files of a message with what is to be said about each."""
    found = {one.index: one.findings for one in guarding.of_message(raw, [one.index for one in attachments])}
    return [
        File(
            index=one.index,
            filename=one.filename,
            size=one.size,
            warnings=sentences(found.get(one.index, Findings())),
            is_grave=found.get(one.index, Findings()).is_grave,
            preview=_preview(one.filename, found.get(one.index, Findings())),
        )
        for one in attachments
    ]


def _preview(name: str, findings: Findings) -> str:
    kind = choosing.of_name(name)
    if kind and choosing.is_refused(findings):
        return "refused"
    return "no_office" if kind == "office" and not office_program() else "yes" if kind else ""


def sentences(findings: Findings) -> list[str]:
    """Say what was found about a file, the gravest first."""
    words = _words(findings)
    return [words[one] for one in Concern if one in findings.concerns]


def _words(findings: Findings) -> dict[Concern, str]:
    inside = _(" (in it: %(name)s)") % {"name": findings.inside} if findings.inside else ""
    return {
        Concern.VIRUS: _("ClamAV knows it as harmful: %(name)s.") % {"name": findings.virus},
        Concern.PROGRAM: _("It is a program, or leads to one: opening it may run it.") + inside,
        Concern.HIDDEN_END: _("Its name hides what it is: a harmless ending stands before the real one.")
        + inside,
        Concern.CONTRADICTION: _("Its content is not what its name says."),
        Concern.MACRO: _("It brings macros or an embedded object, which may run when it is opened."),
        Concern.PAGE: _("It is a web page or a drawing that may hold a script."),
        Concern.BOMB: _("It is an archive that unpacks to a senseless size, number or depth."),
        Concern.LOCKED: _(
            "It is locked with a password or packed in an unusual way, so nobody could look into it."
        ),
        Concern.SEALED: _("It is an archive of a kind that is not looked into."),
        Concern.DAMAGED: _("It is an archive that could be read in part only."),
        Concern.NOT_SCANNED: _("ClamAV was asked about it and did not answer."),
    }


def refusal(error: guarding.HarmfulFileError) -> str:
    """Say why a file is not sent."""
    reason = _words(error.findings)[error.concern]
    return _("%(name)s was not attached: the agency sends no such files. %(reason)s") % {
        "name": error.name,
        "reason": reason,
    }
