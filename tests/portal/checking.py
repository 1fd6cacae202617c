"""The page's script beside congvu_verify: both are given the same files, and must say the same."""

import base64
import dataclasses
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, NamedTuple

import congvu_verify

TOGETHER = 250  # files for one journey into the browser
SCRIPT = """async ({asked, languages}) => {
  const {verify} = await import("/static/portal/receipt.js");
  const {convict, isConflict} = await import("/static/portal/conflict.js");
  const {explain, explainConflict} = await import("/static/portal/explain.js");
  const found = [];
  for (const {data, key, policy, closing, spoken} of asked) {
    const octets = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
    const [judge, say] = isConflict(octets) ? [convict, explainConflict] : [verify, explain];
    const verdict = await judge(octets, {key, policy, closing});
    const {conflict, ...told} = verdict;
    found.push({...told, said: Object.fromEntries(spoken.map((one) => [one, say(verdict, languages[one])]))});
  }
  return found;
}"""
SENTENCES = {
    language: {code: row[column] for code, row in congvu_verify.SENTENCES.items()}
    for column, language in enumerate(congvu_verify.LANGUAGES)
}


class Asked(NamedTuple):
    """A file to be checked, with the key, the policy and the closing that are given, and the languages of the answer."""

    data: bytes
    key: str | None = None
    policy: str | None = None
    spoken: Sequence[str] = ()
    closing: str | None = None


def by_python(asked: Asked) -> dict[str, Any]:
    """Return what congvu_verify says."""
    if congvu_verify.is_conflict(asked.data):
        return _of_conflict(asked)
    verdict = congvu_verify.verify(asked.data, key=asked.key, policy=asked.policy, closing=asked.closing)
    said = dataclasses.asdict(verdict)
    if said["facts"]:
        said["facts"]["witnessing"]["by"] = list(said["facts"]["witnessing"]["by"])
    explained = {one: [list(part) for part in congvu_verify.explain(verdict, one)] for one in asked.spoken}
    return said | {"reasons": list(verdict.reasons), "said": explained}


def _of_conflict(asked: Asked) -> dict[str, Any]:
    found = congvu_verify.convict(asked.data, key=asked.key)
    return {
        "ok": not found.reasons,
        "readable": found.readable,
        "reasons": list(found.reasons),
        "both": list(found.both),
        "compared": found.compared,
        "said": {
            one: [list(part) for part in congvu_verify.explain_conflict(found, one)] for one in asked.spoken
        },
    }


def by_browser(page: Any, asked: Iterable[Asked]) -> Iterator[tuple[Asked, dict[str, Any]]]:
    """Yield what the page's script says of each file."""
    waiting = iter(asked)
    while part := list(islice(waiting, TOGETHER)):
        sent = [one._asdict() | {"data": base64.b64encode(one.data).decode()} for one in part]
        yield from zip(part, page.evaluate(SCRIPT, {"asked": sent, "languages": SENTENCES}), strict=True)


def differences(page: Any, asked: Iterable[Asked]) -> list[tuple[Asked, dict[str, Any], dict[str, Any]]]:
    """Return every file of which the two say something else, in any word."""
    return [
        (one, mine, theirs) for one, theirs in by_browser(page, asked) if (mine := by_python(one)) != theirs
    ]
