"""Dovecot alone, in a folder of its own: LMTP, IMAP and POP3 on ports of this machine, and its log."""

import contextlib
import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from bench.installation import STOP_SECONDS, free_ports, kill_group, wait_greeting

PROGRAM = "/usr/sbin/dovecot"
LIBRARY = Path("/usr/lib/dovecot")
PASSWORD = "một mật khẩu".encode().hex()
MASTER = "administrator"
CONFIGURATION = """
protocols = {protocols}
base_dir = {folder}/run
log_path = {folder}/dovecot.log
ssl = no
disable_plaintext_auth = no
auth_master_user_separator = *
mail_location = maildir:{folder}/mail/%n
first_valid_uid = 1
namespace inbox {{
  inbox = yes
  separator = /
}}
service lmtp {{
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {lmtp}
  }}
}}
{imap}
service doveadm {{
  user = root
}}
service stats {{
  client_limit = 1000
}}
passdb {{
  driver = passwd-file
  args = scheme=PLAIN {folder}/masters
  master = yes
}}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/mail/%n allow_all_users=yes{quota}
}}
{extra}
"""
IMAP = """
service imap-login {{
  inet_listener imap {{
    address = 127.0.0.1
    port = {imap}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service pop3-login {{
  inet_listener pop3 {{
    address = 127.0.0.1
    port = {pop}
  }}
  inet_listener pop3s {{
    port = 0
  }}
}}
"""


def missing() -> str:
    """Return why Dovecot cannot run here; empty when it can."""
    gone = [name for name in ("lmtp", "imap", "pop3") if not (LIBRARY / name).exists()]
    if not Path(PROGRAM).exists() or gone:
        return "dovecot-lmtpd, dovecot-imapd or dovecot-pop3d not installed: bench/peers/install.sh"
    return "" if os.geteuid() == 0 else "Dovecot starts as root only"


@dataclass(slots=True)
class Dovecot:
    """One Dovecot; `extra` is configuration that is added, `quota` a limit for every mailbox such as `10k`."""

    folder: Path
    extra: str = ""
    quota: str = ""
    ports: dict[str, int] = field(default_factory=dict)
    running: "subprocess.Popen[bytes] | None" = None

    def __post_init__(self) -> None:
        """Choose ports, make folders and write the configuration."""
        self.ports = dict(zip(("lmtp", "imap", "pop"), free_ports(3), strict=True))
        for folder in (self.folder.parent, self.folder):
            folder.mkdir(exist_ok=True)
            folder.chmod(0o755)  # it gives up root
        owner = pwd.getpwnam("nobody")
        (self.folder / "mail").mkdir()
        shutil.chown(self.folder / "mail", owner.pw_uid, owner.pw_gid)
        masters = self.folder / "masters"
        masters.write_text(f"{MASTER}:{PASSWORD}\n")
        (self.folder / "dovecot.conf").write_text(
            CONFIGURATION.format(
                folder=self.folder,
                protocols="lmtp imap pop3",
                lmtp=self.ports["lmtp"],
                imap=IMAP.format(**self.ports),
                password=PASSWORD,
                uid=owner.pw_uid,
                gid=owner.pw_gid,
                quota=f" quota_rule=*:storage={self.quota}" if self.quota else "",
                extra=self.extra,
            )
        )

    @property
    def log(self) -> Path:
        """Return the log that it writes."""
        return self.folder / "dovecot.log"

    def start(self) -> None:
        """Start it and wait until it takes mail."""
        self.launch()
        wait_greeting(self.ports["lmtp"])

    def launch(self) -> None:
        """Start it; it may not listen yet."""
        command = [PROGRAM, "-F", "-c", str(self.folder / "dovecot.conf")]
        with (self.folder / "said.txt").open("ab") as said:
            self.running = subprocess.Popen(command, stdout=said, stderr=said, start_new_session=True)

    def stop(self) -> None:
        """Stop it, with everything that it started."""
        one, self.running = self.running, None
        if one is None:
            return
        one.terminate()
        try:
            one.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            kill_group(one.pid)
            one.wait()
        kill_group(one.pid)

    def has_fallen(self) -> bool:
        """Tell whether it has ended by itself."""
        return self.running is not None and self.running.poll() is not None

    def kill(self) -> None:
        """Kill -9 all of it."""
        one, self.running = self.running, None
        if one is not None:
            kill_group(one.pid)
            one.wait()

    def again(self) -> None:
        """Have it open its log anew, as after a rotation."""
        subprocess.run(["doveadm", "-c", str(self.folder / "dovecot.conf"), "log", "reopen"], check=True)

    def messages(self, user: str) -> list[bytes]:
        """Return what lies in a user's inbox, in the order of arrival."""
        box = self.folder / "mail" / user.partition("@")[0]
        files = [one for name in ("new", "cur") for one in (box / name).glob("*")]
        found = []
        for one in sorted(files, key=lambda file: file.name):
            with contextlib.suppress(FileNotFoundError):
                found.append(one.read_bytes())
        return found

    def __enter__(self) -> Self:
        """Start it for the length of a block."""
        self.start()
        return self

    def __exit__(self, *error: object) -> None:
        """Stop it."""
        self.stop()
