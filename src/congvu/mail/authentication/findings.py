"""What was found about a letter's origin, in closed words."""

from dataclasses import dataclass
from enum import StrEnum


class Result(StrEnum):
    """The words of RFC 8601, 2.7, written out."""

    PASS = "pass"  # noqa: S105 -- RFC 8601's word
    FAIL = "fail"
    SOFTFAIL = "softfail"
    NEUTRAL = "neutral"
    NONE = "none"
    TEMPORARY_ERROR = "temporary_error"
    PERMANENT_ERROR = "permanent_error"


class Asked(StrEnum):
    """What the author's domain asks to be done with letters that fail (RFC 7489, 6.3)."""

    NOTHING = "none"
    QUARANTINE = "quarantine"
    REJECT = "reject"


class Origin(StrEnum):
    """What an official is told."""

    CONFIRMED = "confirmed"  # the domain that stands under From vouches for the letter
    DOUBTFUL = "doubtful"  # that domain says how its letters are known, and this one is not
    UNKNOWN = "unknown"  # the domain publishes nothing by which one could tell
    UNCHECKED = "unchecked"  # it could not be asked when the letter came


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """Results of all four methods; domains are in lower case, "" where there is none.

    `author_domain` is that of From; `asked` is its policy, "" without one.
    """

    spf: Result = Result.NONE
    spf_domain: str = ""
    dkim: Result = Result.NONE
    dkim_domain: str = ""
    dmarc: Result = Result.NONE
    author_domain: str = ""
    asked: str = ""
    arc: Result = Result.NONE
    arc_domain: str = ""

    @property
    def origin(self) -> Origin:
        """Say in one word what the results come to."""
        return origin(self.dmarc)


def origin(dmarc: str) -> Origin:
    """Say what a DMARC result means to a reader."""
    match dmarc:
        case Result.PASS:
            return Origin.CONFIRMED
        case Result.FAIL:
            return Origin.DOUBTFUL
        case Result.TEMPORARY_ERROR:
            return Origin.UNCHECKED
    return Origin.UNKNOWN
