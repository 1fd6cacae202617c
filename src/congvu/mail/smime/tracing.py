"""What was met while the certificates of signatures were followed: who could be asked, and who has told."""

import hashlib
from dataclasses import dataclass, field

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from congvu.mail.smime.revocation import Known, Said
from congvu.mail.smime.verdicts import Revocation


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A certificate of a way to a root, and its issuer; `is_wanted` when only its revocation is not known."""

    certificate: x509.Certificate
    issuer: x509.Certificate
    is_wanted: bool


@dataclass(slots=True, kw_only=True)
class Traces:
    """What one check met; `statements` are lists and answers that decided and did not come with the signature."""

    links: list[Link] = field(default_factory=list)
    statements: dict[str, Said] = field(default_factory=dict)  # by SHA-256 of the DER

    def note(self, link: Link, said: Said, *, with_it: Known) -> Revocation:
        """Keep what was met, and return it as a page shows it."""
        self.links.append(link)
        if said.source is None:
            return Revocation(state=said.state)
        digest = hashlib.sha256(der(said)).hexdigest()
        if not any(said.source is one for one in (*with_it.lists, *with_it.answers)):
            self.statements[digest] = said
        return Revocation(
            state=said.state, by=sort(said), digest=digest, said_at=said.since, until=said.until
        )


def sort(said: Said) -> str:
    """Return "list" or "answer"."""
    return "list" if isinstance(said.source, x509.CertificateRevocationList) else "answer"


def der(said: Said) -> bytes:
    """Return the statement as its authority wrote it."""
    return b"" if said.source is None else said.source.public_bytes(Encoding.DER)
