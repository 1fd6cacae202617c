"""What Postfix must be told so that it hands mail to the gate, whole, and takes none that was smuggled. Postfix 3.7."""

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from congvu.mail.hosts.requirements import Requirement, has, one_of, within
from congvu.mail.lmtp.endpoints import Endpoint

CLIENTS = 50  # that hand mail in at once: the gate writes what comes together in one go
LARGEST_LETTER = 36_000_000  # octets: files of 25 MB as they travel (RFC 2045, 6.8)
DAYS = re.compile(r"(\d+)([smhdw]?)")
SECONDS = {"s": 1, "m": 60, "h": 3_600, "": 86_400, "d": 86_400, "w": 604_800}  # without a unit: days
LONGEST_QUEUE = 5 * 86_400


class NotReadableError(Exception):
    """The program did not tell its configuration; the argument says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What this installation wants: where its gate listens, and how large a message may be."""

    gate: Endpoint
    message_limit: int

    @property
    def transport(self) -> str:
        """Return the next hop as Postfix writes it."""
        if self.gate.path:
            return f"congvu:unix:{self.gate.path}"
        return f"congvu:inet:{self.gate}"


def requirements(plan: Plan) -> list[Requirement]:
    """Return everything that main.cf must say."""
    service = f"congvu unix - - n - {CLIENTS} lmtp"
    return [
        Requirement(
            name="virtual_transport",
            line=f"virtual_transport = {plan.transport}",
            why="mail for the agency's mailboxes goes to the gate, which hands it on to Dovecot",
            is_met=lambda value: value.partition(":")[2] == plan.transport.partition(":")[2],
        ),
        Requirement(
            name="master:congvu",
            line=f"(master.cf) {service}",
            why="the transport of that name, with enough clients that the gate can write together what comes together",
            is_met=lambda value: value.split()[-1:] == ["lmtp"],
        ),
        Requirement(
            name="congvu_destination_concurrency_limit",
            line=f"congvu_destination_concurrency_limit = {CLIENTS}",
            why="the default of 20 leaves the gate waiting for the disk",
            is_met=within(20, 1_000),
        ),
        Requirement(
            name="message_size_limit",
            line=f"message_size_limit = {plan.message_limit}",
            why="more than the gate takes would be bounced after it was accepted; letters with files of 25 MB must fit",
            is_met=within(min(LARGEST_LETTER, plan.message_limit), plan.message_limit),
        ),
        *_whole_lines(),
        *_smuggling(),
        Requirement(
            name="smtpd_discard_ehlo_keywords",
            line="smtpd_discard_ehlo_keywords =",
            why="DSN (RFC 3461) must be offered: reports are believed by the envelope id that only DSN carries",
            is_met=lambda value: "dsn" not in value.lower().replace(",", " ").split(),
        ),
        Requirement(
            name="maximal_queue_lifetime",
            line="maximal_queue_lifetime = 5d",
            why="after six days the gate takes a letter that waits for given up",
            is_met=lambda value: not value or _seconds(value) <= LONGEST_QUEUE,
        ),
        Requirement(
            name="smtpd_sender_restrictions",
            line="smtpd_sender_restrictions = reject_sender_login_mismatch",
            why="with smtpd_sender_login_maps: nobody writes in the name of another official",
            is_met=lambda value: "sender_login_mismatch" in value,
        ),
    ]


def _whole_lines() -> list[Requirement]:
    why = "lines over 998 octets are else broken in two, which breaks signatures (S/MIME, DKIM)"
    return [
        Requirement(name=name, line=f"{name} = 0", why=why, is_met=one_of("0"))
        for name in ("lmtp_line_length_limit", "smtp_line_length_limit")
    ]


def _smuggling() -> list[Requirement]:
    why = "SMTP smuggling (CVE-2023-51764): a second message hidden behind a bare line feed"
    return [
        Requirement(
            name="smtpd_forbid_bare_newline",
            line="smtpd_forbid_bare_newline = normalize",
            why=why,
            is_met=one_of("yes", "normalize", "reject"),
        ),
        Requirement(
            name="smtpd_forbid_unauth_pipelining",
            line="smtpd_forbid_unauth_pipelining = yes",
            why=why,
            is_met=one_of("yes"),
        ),
        Requirement(
            name="smtpd_data_restrictions",
            line="smtpd_data_restrictions = reject_unauth_pipelining",
            why=why,
            is_met=has("reject_unauth_pipelining"),
        ),
    ]


def settings(folder: Path | None) -> dict[str, str]:
    """Read what a running Postfix was told. Raises NotReadableError."""
    pairs = (line.partition("=") for line in _postconf(folder, "-n").splitlines())
    found = {name.strip(): value.strip() for name, _, value in pairs}
    for line in _postconf(folder, "-M").splitlines():
        if line.split()[:2] == ["congvu", "unix"]:
            found["master:congvu"] = line
    for line in _postconf(folder, "-P").splitlines():  # what master.cf says for one service alone
        place, _, value = line.partition("=")
        name = place.strip().rpartition("/")[2]
        if name.endswith("_restrictions"):
            found[name] = f"{found.get(name, '')} {value.strip()}".strip()
    return found


def _postconf(folder: Path | None, option: str) -> str:
    command = ["postconf", *(("-c", str(folder)) if folder else ()), option]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 -- a fixed program
    except OSError as error:
        raise NotReadableError(f"postconf: {error.strerror}") from error
    if done.returncode:
        raise NotReadableError(done.stderr.strip())
    return done.stdout


def _seconds(value: str) -> float:
    match = DAYS.fullmatch(value)
    return int(match[1]) * SECONDS[match[2]] if match else float("inf")
