"""Authorities, certificates, lists and answers for tests of signatures, each made once, with openssl where ours refuses.

An authority is made by name; a certificate by name and by what is unusual about it.
"""

import subprocess
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID

NOW = datetime.now(UTC).replace(microsecond=0)
ARRIVED = NOW + timedelta(hours=2)  # whatever openssl signs while the tests run has come by then
DAY = timedelta(days=1)
LIST_PLACE = "http://lists.example/ca.crl"
RESPONDER = "http://ocsp.example/"


def private_key(kind: str):
    if kind.startswith("rsa"):
        return rsa.generate_private_key(65537, int(kind[3:]))
    if kind == "ed25519":
        return ed25519.Ed25519PrivateKey.generate()
    return ec.generate_private_key({"p256": ec.SECP256R1(), "p384": ec.SECP384R1()}[kind])


def name(common: str, *, mail: str = "") -> x509.Name:
    parts = [x509.NameAttribute(NameOID.COUNTRY_NAME, "VN"), x509.NameAttribute(NameOID.COMMON_NAME, common)]
    return x509.Name(parts + ([x509.NameAttribute(NameOID.EMAIL_ADDRESS, mail)] if mail else []))


@dataclass(eq=False)
class Holder:
    """A key with its certificate, and the files that openssl reads."""

    key: object
    certificate: x509.Certificate
    issuer: "Holder | None"
    folder: Path
    stem: str

    @property
    def chain(self) -> list["Holder"]:
        return [self] if self.issuer is None else [self, *self.issuer.chain]

    @property
    def path(self) -> Path:
        return self.folder / f"{self.stem}.pem"

    @property
    def key_path(self) -> Path:
        return self.folder / f"{self.stem}.key"

    def write(self) -> None:
        self.path.write_bytes(self.certificate.public_bytes(serialization.Encoding.PEM))
        self.key_path.write_bytes(
            self.key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )

    def der(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.DER)


@dataclass
class Pki:
    """A place where certificates are made once and found again by name."""

    folder: Path
    made: dict[str, Holder] = field(default_factory=dict)

    def holder(self, stem: str, *, issuer: "Holder | None" = None, **options) -> Holder:
        if stem not in self.made:
            self.made[stem] = self._make(stem, issuer, **options)
            self.made[stem].write()
        return self.made[stem]

    def _make(  # noqa: PLR0913 -- whatever may be unusual about a certificate
        self,
        stem: str,
        issuer: "Holder | None",
        *,
        kind: str = "p256",
        common: str = "",
        mails: tuple[str, ...] = (),
        mail_in_subject: str = "",
        is_authority: bool = False,
        path_length: int | None = None,
        since: datetime = NOW - 30 * DAY,
        until: datetime = NOW + 365 * DAY,
        usage: str = "",
        purposes: tuple[x509.ObjectIdentifier, ...] | None = (ExtendedKeyUsageOID.EMAIL_PROTECTION,),
        purposes_critical: bool = False,
        listed: bool = False,
        answered: bool = False,
        extra: tuple[tuple[x509.ExtensionType, bool], ...] = (),
    ) -> Holder:
        key = private_key(kind)
        subject = name(common or stem, mail=mail_in_subject)
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer.certificate.subject if issuer else subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(since)
            .not_valid_after(until)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(key_usage(usage or ("authority" if is_authority else "sign")), critical=True)
        )
        if is_authority or path_length is not None:
            builder = builder.add_extension(x509.BasicConstraints(is_authority, path_length), critical=True)
        elif purposes is not None:
            builder = builder.add_extension(x509.ExtendedKeyUsage(purposes), critical=purposes_critical)
        if issuer:
            own = issuer.certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
            identifier = x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(own)
            builder = builder.add_extension(identifier, critical=False)
        if mails:
            names = [x509.RFC822Name(one) for one in mails]
            builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
        if listed:
            place = x509.DistributionPoint([x509.UniformResourceIdentifier(LIST_PLACE)], None, None, None)
            builder = builder.add_extension(x509.CRLDistributionPoints([place]), critical=False)
        if answered:
            access = x509.AccessDescription(
                AuthorityInformationAccessOID.OCSP, x509.UniformResourceIdentifier(RESPONDER)
            )
            builder = builder.add_extension(x509.AuthorityInformationAccess([access]), critical=False)
        for extension, critical in extra:
            builder = builder.add_extension(extension, critical=critical)
        signer = issuer.key if issuer else key
        certificate = builder.sign(signer, digest_for(signer))
        return Holder(key=key, certificate=certificate, issuer=issuer, folder=self.folder, stem=stem)

    def weak_certificate(self, stem: str, *, issuer: Holder, mail: str, digest: str) -> Holder:
        """Make a certificate that our library refuses to sign, with MD5 or SHA-1, by openssl."""
        if stem not in self.made:
            template = self.holder(f"{stem}-template", issuer=issuer, kind="rsa2048", mails=(mail,))
            extensions = self.folder / f"{stem}.ext"
            extensions.write_text(f"subjectAltName=email:{mail}\nextendedKeyUsage=emailProtection\n")
            request, made = self.folder / f"{stem}.csr", self.folder / f"{stem}.pem"
            key = template.key_path
            run("req", "-new", "-key", key, "-subj", f"/C=VN/CN={stem}", "-out", request)
            run(
                *(
                    "x509",
                    "-req",
                    f"-{digest}",
                    "-in",
                    request,
                    "-CA",
                    issuer.path,
                    "-CAkey",
                    issuer.key_path,
                ),
                *("-days", "90", "-extfile", extensions, "-out", made, "-CAcreateserial"),
            )
            certificate = x509.load_pem_x509_certificate(made.read_bytes())
            holder = Holder(
                key=template.key, certificate=certificate, issuer=issuer, folder=self.folder, stem=stem
            )
            holder.write()
            self.made[stem] = holder
        return self.made[stem]


def digest_for(key) -> hashes.HashAlgorithm | None:
    return None if isinstance(key, ed25519.Ed25519PrivateKey) else hashes.SHA256()


def key_usage(kind: str) -> x509.KeyUsage:
    allowed = {
        "sign": {"digital_signature", "content_commitment"},
        "authority": {"key_cert_sign", "crl_sign"},
        "encipher": {"key_encipherment"},
        "both": {"digital_signature", "key_encipherment"},
    }[kind]
    names = [
        "digital_signature",
        "content_commitment",
        "key_encipherment",
        "data_encipherment",
        "key_agreement",
        "key_cert_sign",
        "crl_sign",
        "encipher_only",
        "decipher_only",
    ]
    return x509.KeyUsage(**{one: one in allowed for one in names})


def crl(
    issuer: Holder,
    *,
    revoked: tuple[Holder, ...] = (),
    since: datetime = NOW - DAY,
    until: datetime = NOW + 7 * DAY,
    revoked_at: datetime = NOW - 2 * DAY,
) -> bytes:
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer.certificate.subject)
        .last_update(since)
        .next_update(until)
        .add_extension(x509.CRLNumber(1), critical=False)
    )
    for one in revoked:
        entry = x509.RevokedCertificateBuilder().serial_number(one.certificate.serial_number)
        builder = builder.add_revoked_certificate(entry.revocation_date(revoked_at).build())
    return builder.sign(issuer.key, digest_for(issuer.key)).public_bytes(serialization.Encoding.PEM)


def der_of(made: bytes) -> bytes:
    """Return a list that is PEM as DER."""
    return x509.load_pem_x509_crl(made).public_bytes(serialization.Encoding.DER)


def answer(
    certificate: Holder,
    issuer: Holder,
    *,
    by: Holder | None = None,
    is_revoked: bool = False,
    since=NOW - DAY,
) -> bytes:
    signer = by or issuer
    status = ocsp.OCSPCertStatus.REVOKED if is_revoked else ocsp.OCSPCertStatus.GOOD
    builder = ocsp.OCSPResponseBuilder().add_response(
        cert=certificate.certificate,
        issuer=issuer.certificate,
        algorithm=hashes.SHA256(),
        cert_status=status,
        this_update=since,
        next_update=since + 3 * DAY,
        revocation_time=since - DAY if is_revoked else None,
        revocation_reason=None,
    )
    builder = builder.responder_id(ocsp.OCSPResponderEncoding.HASH, signer.certificate)
    if by:
        builder = builder.certificates([by.certificate])
    made = builder.sign(signer.key, digest_for(signer.key))
    return made.public_bytes(serialization.Encoding.DER)


def run(*arguments: object, data: bytes = b"", check: bool = True) -> subprocess.CompletedProcess[bytes]:
    """Run openssl."""
    done = subprocess.run(["openssl", *map(str, arguments)], input=data, capture_output=True, check=False)
    if check and done.returncode:
        raise AssertionError(done.stderr.decode(errors="replace"))
    return done
