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
  const {explain} = await import("/static/portal/explain.js");
  const found = [];
  for (const {data, key, policy, spoken} of asked) {
    const verdict = await verify(Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0)), {key, policy});
    found.push({...verdict, said: Object.fromEntries(spoken.map((one) => [one, explain(verdict, languages[one])]))});
  }
  return found;
}"""
SENTENCES = {
    language: {code: row[column] for code, row in congvu_verify.SENTENCES.items()}
    for column, language in enumerate(congvu_verify.LANGUAGES)
}


class Asked(NamedTuple):
    """A file to be checked, with the key and the policy that are given, and the languages of the answer."""

    data: bytes
    key: str | None = None
    policy: str | None = None
    spoken: Sequence[str] = ()


def by_python(asked: Asked) -> dict[str, Any]:
    """Return what congvu_verify says."""
    verdict = congvu_verify.verify(asked.data, key=asked.key, policy=asked.policy)
    said = dataclasses.asdict(verdict)
    if said["facts"]:
        said["facts"]["witnessing"]["by"] = list(said["facts"]["witnessing"]["by"])
    explained = {one: [list(part) for part in congvu_verify.explain(verdict, one)] for one in asked.spoken}
    return said | {"reasons": list(verdict.reasons), "said": explained}


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
