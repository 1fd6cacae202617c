"""What Postfix must be told so that it hands mail to the gate, or copies of it to the journal, whole. Postfix 3.7."""

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from congvu.mail.gate import journal
from congvu.mail.hosts.requirements import Requirement, has, one_of, within
from congvu.mail.lmtp.endpoints import Endpoint

SERVICE = "congvujournal"
JOURNAL_CLIENTS = 20
CLIENTS = 50  # that hand mail in at once: the gate writes what comes together in one go
LARGEST_LETTER = 36_000_000  # octets: files of 25 MB as they travel (RFC 2045, 6.8)
DAYS = re.compile(r"(\d+)([smhdw]?)")
SECONDS = {"s": 1, "m": 60, "h": 3_600, "": 86_400, "d": 86_400, "w": 604_800}  # without a unit: days
LONGEST_QUEUE = 5 * 86_400


class NotReadableError(Exception):
    """The program did not tell its configuration; the argument says why."""


def _next_hop(service: str, where: Endpoint) -> str:
    return f"{service}:unix:{where.path}" if where.path else f"{service}:inet:{where}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What this installation wants: where its gate listens, and how large a message may be."""

    gate: Endpoint
    message_limit: int

    @property
    def transport(self) -> str:
        """Return the next hop as Postfix writes it."""
        return _next_hop("congvu", self.gate)


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalPlan:
    """The same where only copies are wanted: where the journal listens, and for which domains."""

    journal: Endpoint
    domains: tuple[str, ...]
    message_limit: int

    @property
    def transport(self) -> str:
        """Return the next hop as Postfix writes it."""
        return _next_hop(SERVICE, self.journal)

    @property
    def copies(self) -> str:
        """Return the table that adds a copy for each recipient; its address holds whose copy it is."""
        rules = " ".join(
            f"{{ /^(.+)@({_pattern(one)})$$/ $$1@$$2.{journal.DOMAIN} }}" for one in self.domains
        )
        return f"regexp:{{ {rules} }}"


def journal_requirements(plan: JournalPlan) -> list[Requirement]:
    """Return everything that main.cf must say where only copies are wanted."""
    names = [_pattern(one) for one in plan.domains]
    return [
        Requirement(
            name="recipient_bcc_maps",
            line=f"recipient_bcc_maps = {plan.copies}",
            why="a copy for each recipient, named after that recipient: always_bcc would lose who it was for",
            is_met=lambda value: (
                f"$$2.{journal.DOMAIN}" in value and all(f"@({one})" in value for one in names)
            ),
        ),
        Requirement(
            name="transport_maps",
            line=f"transport_maps = inline:{{ {{ .{journal.DOMAIN} = {plan.transport} }} }}",
            why="the copies go to the journal; keep the tables that stand there, behind this one",
            is_met=lambda value: f".{journal.DOMAIN}" in value and plan.transport in value,
        ),
        Requirement(
            name=f"master:{SERVICE}",
            line=f"(master.cf) {SERVICE} unix - - n - {JOURNAL_CLIENTS} lmtp",
            why="the transport of that name",
            is_met=lambda value: value.split()[-1:] == ["lmtp"],
        ),
        Requirement(
            name="smtpd_recipient_restrictions",
            line=f"smtpd_recipient_restrictions = check_recipient_access inline:{{ {{ {journal.DOMAIN} = REJECT }} }}",
            why="nobody else may make a copy; keep the restrictions that stand there, behind this one",
            is_met=lambda value: re.search(rf"{re.escape(journal.DOMAIN)}\s*=\s*REJECT", value) is not None,
        ),
        _limit(plan.message_limit, "more than the journal takes would never be recorded"),
        _forwarding("the journal"),
        *_whole_lines(),
        *_smuggling(),
    ]


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
        _limit(
            plan.message_limit,
            "more than the gate takes would be bounced after it was accepted; letters with files of 25 MB must fit",
        ),
        _forwarding("the gate"),
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


def _pattern(domain: str) -> str:
    return domain.replace(".", r"\.")


def _limit(octets: int, why: str) -> Requirement:
    return Requirement(
        name="message_size_limit",
        line=f"message_size_limit = {octets}",
        why=why,
        is_met=within(min(LARGEST_LETTER, octets), octets),
    )


def _forwarding(who: str) -> Requirement:
    return Requirement(
        name="lmtp_send_xforward_command",
        line="lmtp_send_xforward_command = yes",
        why=f"{who} learns who handed a letter to Postfix: without that SPF cannot be checked",
        is_met=one_of("yes"),
    )


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
        words = line.split()[:2]
        if words[1:] == ["unix"] and words[0] in {"congvu", SERVICE}:
            found[f"master:{words[0]}"] = line
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
