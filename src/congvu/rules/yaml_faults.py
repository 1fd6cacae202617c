"""What libyaml says of a file that is no YAML, so far as a person who writes books can cause it."""

from congvu.rules.sentences import Sentence
from congvu.rules.sentences import sentence as _

KNOWN = {
    one.template: one
    for one in (
        _("block sequence entries are not allowed in this context"),
        _("control characters are not allowed"),
        _("could not find expected ':'"),
        _("did not find expected ',' or ']'"),
        _("did not find expected ',' or '}'"),
        _("did not find expected '-' indicator"),
        _("did not find expected <document start>"),
        _("did not find expected alphabetic or numeric character"),
        _("did not find expected comment or line break"),
        _("did not find expected hexdecimal number"),
        _("did not find expected key"),
        _("did not find expected node content"),
        _("did not find expected whitespace or line break"),
        _("found a tab character that violates indentation"),
        _("found a tab character where an indentation space is expected"),
        _("found character that cannot start any token"),
        _("found unexpected ':'"),
        _("found unexpected document indicator"),
        _("found unexpected end of stream"),
        _("found unknown escape character"),
        _("mapping keys are not allowed in this context"),
        _("mapping values are not allowed in this context"),
    )
}


def reason(said: str) -> Sentence | str:
    """Return a complaint of libyaml as a sentence; as it stands when it is a rare one."""
    return KNOWN.get(said, said)
