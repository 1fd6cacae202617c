"""Reports that servers write in words, each in its own dialect, and answers of machines that are no reports.

They prove nothing and end nothing: they are read for the person who gets them. Reading is bounded and never raises.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from congvu.mail import addresses, headers
from congvu.mail.addresses import normal
from congvu.mail.bounces import causes, reports
from congvu.mail.messages import Reading
from congvu.mail.mime import Tree

Kind = Literal["failed", "delayed", "served", "reply", "challenge"]

LONGEST = 24_000  # characters that are read
LONGEST_LINE = 2_000
LONGEST_WORDS = 1_000
MANY = 100  # recipients that are shown

_ADDRESS = r"[^\s<>()\[\]\",;:@]{1,64}@[^\s<>()\[\]\",;:@]{1,253}[^\s<>()\[\]\",;:@.]"
_ALONE = re.compile(
    rf"^[ \t>*]*(?:(?:to|recipient|получатель|адрес|кому|người nhận|алушы)\s*:\s*)?(?:mailto:)?<?({_ADDRESS})>?"
    r"(?=$|[ \t,;:(…-])[ \t:]*",
    re.IGNORECASE,
)
_NAMED = re.compile(
    rf"^[^\s<>()@][^<>()@\n]{{0,120}}[(<]({_ADDRESS})[)>](?:<mailto:[^<>\s]{{0,320}}>)?[ \t]*$"
)
_INSIDE = re.compile(
    rf"(?:delivered|deliver|delivery|message|доставлено|доставить|письмо|gửi|thư|жеткізілмеді|хат)"
    rf"[^\n@]{{0,80}}?<?({_ADDRESS})>?",
    re.IGNORECASE,
)
_COPY = re.compile(
    r"^(?:-{2,} ?(?:below this line|this is a copy|original|the (?:body|header|text)|исходное|копия|nội dung thư)"
    r"|(?:received|return-path|reporting-mta):)",
    re.IGNORECASE,
)
_DAEMON = re.compile(
    r"mailer-?daemon|mail-daemon|maildaemon|postmaster|mail delivery|microsoftexchange|system administrator|mail router",
    re.IGNORECASE,
)
_DELAYED = re.compile(
    r"delivery (?:status notification \()?delay|warning: could not send message for past|still (?:being )?retr"
    r"|has not (?:yet )?been delivered|will (?:continue to )?(?:be retried|try|retry)|задержк\w+ доставки|отложен"
    r"|chưa gửi được|tạm thời chưa",
    re.IGNORECASE,
)
_REPLY = re.compile(
    r"^(?:(?:auto(?:matic)?[ -]?(?:reply|response|antwort)|out of (?:the )?office|vacation|abwesen|away)\b"
    r"|авто(?:матический )?ответ|автоматты жауап|trả lời tự động|thư trả lời tự động|vắng mặt)",
    re.IGNORECASE,
)
_CHALLENGE = re.compile(
    r"(?:confirm|prove|verify) (?:that )?you(?:'re| are)? (?:are )?(?:a )?(?:human|real person|not a (?:robot|machine))"
    r"|(?:click|reply|follow)[^.\n]{0,120}(?:to (?:have|get|release|complete)[^.\n]{0,40}(?:deliver|release|approv)|to be delivered)"
    r"|your (?:message|e-?mail) (?:is|was) (?:being )?held (?:until|pending)[^.\n]{0,80}(?:confirm|verif|approv)"
    r"|(?:boxbe|spamarrest|mailinblack|tmda|vade secure sender verification)"
    r"|подтвердите,? что вы (?:не робот|человек)|xác nhận (?:bạn|rằng bạn) (?:là người|không phải)",
    re.IGNORECASE,
)

# How each dialect is known: what its words begin with. The first that fits names it.
_DIALECTS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(mark, re.IGNORECASE))
    for name, mark in (
        ("qmail", r"this is the qmail-send program|i'm afraid i wasn't able to deliver your message"),
        ("yandex", r"yandex|яндекс"),
        ("postfix", r"this is the (?:mail system|postfix program) at host"),
        ("zoho", r"zoho|error_code\s*:"),
        (
            "mail.ru",
            r"mail\.ru|сервером? mail|письмо создано автоматически|не может быть доставлено одному или нескольким",
        ),
        ("exim", r"this message was created automatically by mail delivery software"),
        (
            "gmail",
            r"mail\.google\.com|support\.google\.com|technical details of permanent failure|\*\* (?:address not found|message blocked|message not delivered|delivery incomplete)",
        ),
        ("yahoo", r"(?:message from|@|mail\.)\s?yahoo|unable to deliver message to the following address"),
        (
            "exchange",
            r"delivery has failed to these recipients|couldn't be delivered|did not reach the following recipient|diagnostic information for administrators|remote server returned|microsoft exchange|office 365",
        ),
        ("domino", r"was not delivered to:[\s\S]{0,500}?\bbecause:|lotus|notes mail router"),
        ("sendmail", r"transcript of session follows|permanent fatal errors|transient non-fatal errors"),
        (
            "other",
            (
                r"undeliver|could not be delivered|can(?:not|'t) be delivered|unable to deliver|delivery (?:has )?failed|returned (?:mail|to sender)|wasn't delivered"
                r"|не (?:может быть|было|удалось) достав|недоставлен|жеткізілмеді|жеткізу мүмкін болмады|không (?:thể )?gửi được|không thể chuyển|thư bị trả lại"
            ),
        ),
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a report says of one recipient: a closed word, and the server's own words."""

    recipient: str
    reason: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """What a machine answered. kind: failed, delayed, served, reply (somebody is away), challenge."""

    kind: Kind
    dialect: str
    told: tuple[Told, ...] = ()


def read(tree: Tree, reading: Reading) -> Returned | None:
    """Say what a machine's answer means; None when a message is none, or nothing in it is known."""
    standard = reports.read(tree)
    if standard:
        return _standard(standard)
    text = f"{reading.subject}\n{reading.text}"[:LONGEST]
    is_daemon = _DAEMON.search(headers.words(headers.first(tree.fields, "from"))[:1_000]) is not None
    dialect = next((name for name, mark in _DIALECTS if mark.search(text)), "") if is_daemon else ""
    if dialect:
        told = tuple(_told(tree, text))[::-1][:MANY]
        return Returned(kind="delayed" if _DELAYED.search(text) else "failed", dialect=dialect, told=told)
    if _CHALLENGE.search(text):
        return Returned(kind="challenge", dialect="")
    if _is_reply(tree, reading):
        return Returned(kind="reply", dialect="")
    return None


def _standard(found: reports.Bounce) -> Returned:
    actions = {one.action for one in found.failures}
    kind: Kind = "failed" if "failed" in actions else "delayed" if "delayed" in actions else "served"
    wanted = {"failed": {"failed"}, "delayed": {"delayed"}}.get(kind, reports.ACTIONS)
    told = [
        Told(recipient=one.recipient, reason="" if kind == "served" else one.reason, words=one.diagnostic)
        for one in found.failures[:MANY]
        if one.action in wanted
    ]
    return Returned(kind=kind, dialect="standard", told=tuple(told))


def _is_reply(tree: Tree, reading: Reading) -> bool:
    submitted = headers.first(tree.fields, "auto-submitted").strip().lower()
    named = any(headers.first(tree.fields, name) for name in ("x-autoreply", "x-autorespond"))
    return submitted.startswith("auto-replied") or named or _REPLY.search(reading.subject.strip()) is not None


def _told(tree: Tree, text: str) -> Iterator[Told]:
    """Yield each recipient that a report names, the last one first, with what stands behind it up to the next one."""
    own = {normal(one) for one in re.findall(_ADDRESS, headers.first(tree.fields, "to")[:10_000])}
    said = _said(text, own)
    named = headers.first(tree.fields, "x-failed-recipients")[:10_000]
    for one in re.findall(_ADDRESS, named):
        said.setdefault(normal(one), "")
    if not said and (match := _INSIDE.search(text)) and normal(match[1]) not in own:
        said[normal(match[1])] = text[match.end() :]
    later = text  # what stands behind none of them speaks of the last ones, too
    for recipient, words in reversed(list(said.items())):
        later = words if any(letter.isalnum() for letter in words) else later
        line = " ".join(later[: causes.LONGEST].split())
        status = reports.status_in(line)
        reason = causes.reason(status, line)
        yield Told(recipient=recipient[: addresses.LONGEST], reason=reason, words=line[:LONGEST_WORDS])


def _said(text: str, own: set[str]) -> dict[str, str]:
    """Divide a text by the lines that begin with an address; the copy of the letter at its end is left out."""
    found: dict[str, list[str]] = {}
    current = ""
    for line in text.splitlines():
        if _COPY.match(line.strip()[:100]):
            break
        short = line[:LONGEST_LINE]
        match = _ALONE.match(short) or _NAMED.match(short)
        if match and normal(match[1]) not in own and len(found) < MANY:
            current = normal(match[1])
            found.setdefault(current, []).append(short[match.end() :])
        elif current:
            found[current].append(short)
    return {recipient: "\n".join(lines) for recipient, lines in found.items()}
