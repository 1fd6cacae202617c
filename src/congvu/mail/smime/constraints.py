"""For which names an authority may issue certificates. RFC 5280, 4.2.1.10 and 6.1.4."""

from collections.abc import Iterable

from cryptography import x509
from cryptography.x509.oid import NameOID

from congvu.mail.smime import extensions, names

MANY = 2_000  # comparisons for one way


class TooManyNamesError(ValueError):
    """More names and constraints than are compared."""


def are_kept(way: tuple[x509.Certificate, ...]) -> bool:
    """Tell whether the names of a way, from its leaf to its root, keep within what those above allow."""
    left = MANY
    for place, authority in enumerate(way[1:], start=1):
        limits = extensions.of(authority, x509.NameConstraints)
        if limits is None:
            continue
        for below, certificate in enumerate(way[:place]):
            if below and certificate.subject == certificate.issuer:
                continue
            found = _names(certificate)
            left -= len(found) * (len(limits.permitted_subtrees or ()) + len(limits.excluded_subtrees or ()))
            if left < 0:
                raise TooManyNamesError
            if not all(_is_allowed(one, limits) for one in found):
                return False
    return True


def _names(certificate: x509.Certificate) -> list[x509.GeneralName]:
    others = extensions.of(certificate, x509.SubjectAlternativeName)
    found = list(others or ())
    if certificate.subject:
        found.append(x509.DirectoryName(certificate.subject))
    if others is None or not others.get_values_for_type(x509.RFC822Name):
        mails = certificate.subject.get_attributes_for_oid(NameOID.EMAIL_ADDRESS)
        found += [x509.RFC822Name(str(one.value)) for one in mails if str(one.value).isascii()]
    return found


def _is_allowed(name: x509.GeneralName, limits: x509.NameConstraints) -> bool:
    if any(_is_within(name, one) for one in _of_kind(name, limits.excluded_subtrees)):
        return False
    permitted = _of_kind(name, limits.permitted_subtrees)
    return not permitted or any(_is_within(name, one) for one in permitted)


def _of_kind(name: x509.GeneralName, trees: Iterable[x509.GeneralName] | None) -> list[x509.GeneralName]:
    return [one for one in trees or () if type(one) is type(name)]


def _is_within(name: x509.GeneralName, tree: x509.GeneralName) -> bool:
    if isinstance(name, x509.RFC822Name):
        return _is_mail_within(str(name.value), str(tree.value))
    if isinstance(name, x509.DNSName):
        return _is_domain_within(str(name.value), str(tree.value).removeprefix("."))
    if isinstance(name, x509.DirectoryName) and isinstance(tree, x509.DirectoryName):
        above = list(tree.value.rdns)
        return list(name.value.rdns)[: len(above)] == above
    if isinstance(name, x509.IPAddress):
        return name.value in tree.value
    return name == tree  # rare kinds: only the very same


def _is_mail_within(address: str, tree: str) -> bool:
    """Tell whether a mailbox is the one, or at the host, or below the domain (with a leading dot) of a constraint."""
    local, domain = names.compared(address)
    if "@" in tree:
        return names.compared(tree) == (local, domain)
    wanted = names.compared(f"@{tree}")[1]
    return domain.endswith(wanted) if tree.startswith(".") else domain == wanted


def _is_domain_within(domain: str, tree: str) -> bool:
    one, other = domain.lower(), tree.lower()
    return one == other or one.endswith(f".{other}") or not other
