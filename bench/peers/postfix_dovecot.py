"""Postfix that takes mail by SMTP and hands it to Dovecot by LMTP, or to a gate before it; delivered is in Maildirs.

Both as Debian ships them, with their defaults but for what keeps them apart from the machine: own configuration, own
queue, ports of 127.0.0.1. Both sync to disk (Postfix before its 250, Dovecot before its own).
"""

import os
import pwd
import shutil
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from bench import certificate
from bench.installation import STOP_SECONDS, NotReadyError, free_ports, kill_group, wait_greeting

PROGRAMS = ("postfix", "dovecot")
MASTER_PROGRAM = "/usr/lib/postfix/sbin/master"
SECONDS_TO_DELIVER = 300.0
CLIENTS = 20  # that Postfix has for its next server, by default
MAIN = """
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/state
mail_owner = postfix
setgid_group = postdrop
mynetworks = 127.0.0.0/8
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = peer.example
mydestination =
alias_maps =
alias_database =
virtual_mailbox_domains = {domain}
virtual_mailbox_maps = static:ok
virtual_transport = gate:inet:127.0.0.1:{next}
smtpd_relay_restrictions = permit_mynetworks, reject
gate_destination_concurrency_limit = {clients}
gate_initial_destination_concurrency = {clients}
smtpd_tls_security_level = may
smtpd_tls_chain_files = {folder}/tls.pem
"""
MASTER = """
127.0.0.1:{smtp} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
proxywrite unix - - n - 1 proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
local unix - n n - - local
virtual unix - n n - - virtual
lmtp unix - - n - - lmtp
gate unix - - n - {clients} lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
"""
DOVECOT = """
protocols = lmtp
base_dir = {folder}/dovecot
log_path = {folder}/dovecot.log
ssl = no
mail_location = maildir:{folder}/mail/%n
first_valid_uid = 1
service lmtp {{
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {lmtp}
  }}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/mail/%n allow_all_users=yes
}}
passdb {{
  driver = static
  args = nopassword=yes
}}
"""


def missing() -> str:
    """Return why the peers cannot run here; empty when they can."""
    gone = [name for name in PROGRAMS if shutil.which(name) is None]
    if gone:
        return f"{' and '.join(gone)} not installed: bench/peers/install.sh"
    return "" if os.geteuid() == 0 else "Postfix starts as root only"


@dataclass(slots=True)
class PostfixDovecot:
    """The two servers in a folder of their own, for the length of a block; `gate` is the port of one between them."""

    folder: Path
    domain: str
    gate: int = 0
    clients: int = CLIENTS
    main: str = ""  # lines that main.cf has besides
    services: str = ""  # and master.cf
    port: int = 0
    lmtp: int = 0
    _running: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Choose ports."""
        self.port, self.lmtp = free_ports(2)

    def __enter__(self) -> Self:
        """Write their configuration and start both."""
        for folder in (self.folder, self.folder.parent):
            folder.chmod(0o755)  # they give up root
        self._lay_out()
        subprocess.run(["postfix", "-c", str(self.folder / "postfix"), "check"], check=True)
        commands = {
            "dovecot": ["dovecot", "-F", "-c", str(self.folder / "dovecot.conf")],
            "postfix": [MASTER_PROGRAM, "-s", "-c", str(self.folder / "postfix")],
        }
        with (self.folder / "said.txt").open("ab") as said:
            for name, command in commands.items():
                self._running[name] = subprocess.Popen(
                    command, stdout=said, stderr=said, start_new_session=True
                )
        try:
            wait_greeting(self.lmtp)
            wait_greeting(self.port)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *error: object) -> None:
        """Stop both."""
        for one in reversed(self._running.values()):
            one.terminate()
            try:
                one.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                kill_group(one.pid)
                one.wait()

    @property
    def processes(self) -> dict[str, int]:
        """Return the ids of the two programs that started all others."""
        return {name: one.pid for name, one in self._running.items()}

    def delivered(self) -> int:
        """Count the messages in all mailboxes."""
        return sum(sum(1 for _ in os.scandir(new)) for new in (self.folder / "mail").glob("*/new"))

    def wait_delivered(self, count: int) -> None:
        """Wait until so many messages lie in the mailboxes. Raises NotReadyError when there are fewer, or more."""
        end = time.monotonic() + SECONDS_TO_DELIVER
        while (found := self.delivered()) < count and time.monotonic() < end:
            time.sleep(0.05)
        if found != count:
            raise NotReadyError(found, count)

    def _lay_out(self) -> None:
        owner = pwd.getpwnam("nobody")
        for name in ("postfix", "queue", "state", "mail", "dovecot"):
            (self.folder / name).mkdir()
        shutil.chown(self.folder / "mail", owner.pw_uid, owner.pw_gid)
        shutil.chown(self.folder / "state", "postfix")
        words = {
            "folder": self.folder,
            "domain": self.domain,
            "smtp": self.port,
            "lmtp": self.lmtp,
            "clients": self.clients,
            "next": self.gate or self.lmtp,
            "uid": owner.pw_uid,
            "gid": owner.pw_gid,
        }
        certificate.write(self.folder / "tls.pem")
        for path, text, more in (
            ("postfix/main.cf", MAIN, self.main),
            ("postfix/master.cf", MASTER, self.services),
            ("dovecot.conf", DOVECOT, ""),
        ):
            (self.folder / path).write_text(text.format(**words) + more)
