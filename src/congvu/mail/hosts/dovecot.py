"""What Dovecot must be told so that Congvu can deliver to it and read its log. Dovecot 2.3 (Debian bookworm)."""

import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from congvu.mail.hosts.postfix import NotReadableError
from congvu.mail.hosts.requirements import Requirement, has, one_of
from congvu.mail.lmtp.endpoints import Endpoint

EVENTS = r"""
mail_plugins = $mail_plugins notify mail_log
plugin {
  mail_log_events = delete undelete expunge save copy mailbox_delete mailbox_rename flag_change
  mail_log_fields = uid box msgid size flags
}
imap_id_log = *
event_exporter congvu {
  format = json
  format_args = time-rfc3339
  transport = log
}
metric congvu_reading {
  exporter = congvu
  filter = (event=mail_opened AND (reason_code=imap:fetch_body OR reason_code=pop3:cmd_retr OR reason_code=doveadm:*)) \
    OR (event=mail_user_session_finished AND (category=service:imap OR category=service:pop3))
}
metric congvu_commands {
  exporter = congvu
  filter = event=imap_command_finished AND (cmd_name=FETCH OR cmd_name="UID FETCH" OR \
    cmd_name=STORE OR cmd_name="UID STORE")
}
metric congvu_masters {
  exporter = congvu
  filter = event=auth_request_finished AND master_user=*
}
"""
PREFIX = "%s(%u)<%{pid}><%{session}>: "
_READING = "openings through IMAP are read from the log"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What this installation wants: where Dovecot takes mail, and the log that is read ("" when none is)."""

    delivery: Endpoint
    log: str


def configuration(plan: Plan) -> str:
    """Return a file for /etc/dovecot/conf.d."""
    where = plan.delivery
    listener = (
        f"  unix_listener {where.path} {{\n    mode = 0600\n    user = congvu\n  }}"
        if where.path
        else f"  inet_listener congvu {{\n    address = {where.host}\n    port = {where.port}\n  }}"
    )
    return "\n".join(
        [
            "# What Congvu needs of Dovecot 2.3.",
            "protocols = $protocols lmtp imap",
            f"service lmtp {{\n{listener}\n}}",
            "# A full mailbox is told to pass: the letter waits and is not lost.",
            "quota_full_tempfail = yes",
            f"# The log that Congvu reads; the account that runs Congvu needs to read it.\ninfo_log_path = {plan.log}",
            "# Who opened, fetched or administered what: fetched texts and marks only, never what is searched for.",
            EVENTS.strip(),
            "",
        ]
    )


def requirements(plan: Plan) -> list[Requirement]:
    """Return everything that the configuration must say."""
    return [
        Requirement(
            name="protocols",
            line="protocols = $protocols lmtp imap",
            why="the gate delivers by LMTP, mail programs read by IMAP",
            is_met=has("lmtp", "imap"),
        ),
        Requirement(
            name="quota_full_tempfail",
            line="quota_full_tempfail = yes",
            why="a full mailbox is told to pass: the letter waits and is not lost",
            is_met=one_of("yes"),
        ),
        Requirement(
            name="log",
            line=f"info_log_path = {plan.log}",
            why=f"{_READING}; this is the file of CONGVU_DOVECOT_LOG",
            is_met=lambda value: bool(plan.log) and value == plan.log,
        ),
        Requirement(
            name="mail_log_prefix",
            line=f'mail_log_prefix = "{PREFIX}"',
            why="lines name their session, by which a letter is known again",
            is_met=lambda value: not value or value.strip() == PREFIX.strip(),
        ),
        Requirement(
            name="mail_plugins",
            line="mail_plugins = $mail_plugins notify mail_log",
            why="the log says where a letter was saved and what was marked as seen",
            is_met=_has_plugins,
        ),
        *_plugins_of_protocols(),
        Requirement(
            name="plugin/mail_log_events",
            line="plugin/mail_log_events = delete undelete expunge save copy mailbox_delete mailbox_rename flag_change",
            why="a letter is followed into the folder that it is moved to",
            is_met=has("save", "copy", "expunge", "flag_change", "mailbox_rename", "mailbox_delete"),
        ),
        Requirement(
            name="plugin/mail_log_fields",
            line="plugin/mail_log_fields = uid box msgid size flags",
            why="by these a letter is known again",
            is_met=has("uid", "box", "msgid", "size", "flags"),
        ),
        Requirement(
            name="imap_id_log",
            line="imap_id_log = *",
            why="programs that fetch for later say their names; handing over is not reading",
            is_met=lambda value: value == "*" or "name" in value.split(),
        ),
        *_events(),
    ]


def _plugins_of_protocols() -> list[Requirement]:
    """Return what a protocol with plugins of its own must say: an earlier file's are not changed by a later one's."""
    return [
        Requirement(
            name=f"protocol {one}/mail_plugins",
            line=f"mail_plugins = $mail_plugins notify mail_log (in the section of protocol {one})",
            why="where a protocol has plugins of its own, those for all protocols do not count",
            is_met=lambda value: not value or _has_plugins(value),
        )
        for one in ("lmtp", "imap", "pop3")
    ]


def _has_plugins(value: str) -> bool:
    return has("notify", "mail_log")(value.replace('"', " "))


def _events() -> list[Requirement]:
    told = "see the sections event_exporter and metric of: congvu mail server configure dovecot"
    wanted = {
        "event_exporter congvu/format": ("json",),
        "event_exporter congvu/format_args": ("time-rfc3339",),
        "event_exporter congvu/transport": ("log",),
        "metric congvu_reading/filter": ("mail_opened", "imap:fetch_body", "doveadm:"),
        "metric congvu_commands/filter": ("imap_command_finished", "FETCH", "STORE"),
        "metric congvu_masters/filter": ("auth_request_finished", "master_user"),
    }
    lost = "; by another transport than the log, events of an outage are lost"
    return [
        Requirement(
            name=name,
            line=f"{name}: {' '.join(words)} ({told})",
            why=_READING + (lost if name.endswith("transport") else ""),
            is_met=_mentions(words),
        )
        for name, words in wanted.items()
    ]


def _mentions(words: tuple[str, ...]) -> Callable[[str], bool]:
    return lambda value: all(word in value for word in words)


def settings(file: Path | None) -> dict[str, str]:
    """Read what a running Dovecot was told; settings of a section stand behind its name and a slash.

    Raises NotReadableError.
    """
    command = ["doveconf", *(("-c", str(file)) if file else ()), "-n"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 -- a fixed program
    except OSError as error:
        raise NotReadableError(f"doveconf: {error.strerror}") from error
    if done.returncode:
        raise NotReadableError(done.stderr.strip())
    found = flattened(done.stdout)
    log = found.get("info_log_path") or found.get("log_path", "syslog")
    return {"protocols": "imap pop3 lmtp", **found, "log": log}


def flattened(text: str) -> dict[str, str]:
    """Read the text of `doveconf -n`."""
    found: dict[str, str] = {}
    sections: list[str] = []
    for line in text.splitlines():
        bare = line.strip()
        if bare.endswith("{"):
            sections.append(bare[:-1].strip())
        elif bare == "}":
            sections.pop()
        elif "=" in bare and not bare.startswith("#"):
            name, _, value = bare.partition("=")
            found["/".join([*sections, name.strip()])] = (
                value.strip().strip('"') if not sections else value.strip()
            )
    return found
