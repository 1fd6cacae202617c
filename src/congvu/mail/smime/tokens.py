"""Keys in a smart card or a hardware module, by PKCS#11. The package python-pkcs11 is optional.

An official's token must be reachable from the server: a module in its network, or a card in its reader.
"""

import functools
import importlib.util
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from congvu.mail.smime import keys, names
from congvu.mail.smime.keys import NotAKeyError, WrongPassphraseError

MANY_OBJECTS = 50  # certificates of a token that are looked at


class NoModuleError(RuntimeError):
    """No PKCS#11 module is configured, or it cannot be used."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenKey:
    """A key that never leaves its token; each signature opens a session with the PIN."""

    certificate: x509.Certificate
    others: tuple[x509.Certificate, ...]
    act: Callable[[bytes], bytes]

    def sign(self, data: bytes) -> bytes:
        """Sign data with SHA-256."""
        return self.act(data)


def is_possible(module: str) -> bool:
    """Tell whether tokens can be used in this installation."""
    return bool(module) and importlib.util.find_spec("pkcs11") is not None


def opened(*, module: str, label: str, pin: str, address: str) -> TokenKey:
    """Find in a token the key whose certificate names an address. NoModuleError, NotAKeyError, WrongPassphraseError."""
    with _session(module, label, pin) as session:
        for certificate, identifier in _certificates(session):
            if any(names.same(address, one) for one in names.mail_addresses(certificate)):
                keys.require_strong(certificate)
                if isinstance(certificate.public_key(), rsa.RSAPublicKey | ec.EllipticCurvePublicKey):
                    others = tuple(one for one, _ in _certificates(session) if one != certificate)
                    act = functools.partial(_sign, module, label, pin, identifier)
                    return TokenKey(certificate=certificate, others=others, act=act)
    raise NotAKeyError


def _session(module: str, label: str, pin: str) -> Any:
    if not is_possible(module):
        raise NoModuleError(module)
    import pkcs11  # noqa: PLC0415 -- an optional package

    try:
        return pkcs11.lib(module).get_token(token_label=label).open(user_pin=pin)
    except (
        pkcs11.exceptions.PinIncorrect,
        pkcs11.exceptions.PinLenRange,
        pkcs11.exceptions.PinLocked,
    ) as error:
        raise WrongPassphraseError from error
    except (pkcs11.exceptions.NoSuchToken, pkcs11.exceptions.MultipleTokensReturned) as error:
        raise NotAKeyError from error
    except (pkcs11.exceptions.PKCS11Error, RuntimeError) as error:
        raise NoModuleError(str(error)) from error


def _certificates(session: Any) -> list[tuple[x509.Certificate, bytes]]:
    from pkcs11 import Attribute, ObjectClass  # noqa: PLC0415 -- an optional package

    found: list[tuple[x509.Certificate, bytes]] = []
    for one in session.get_objects({Attribute.CLASS: ObjectClass.CERTIFICATE}):
        if len(found) >= MANY_OBJECTS:
            break
        try:
            found.append((x509.load_der_x509_certificate(one[Attribute.VALUE]), bytes(one[Attribute.ID])))
        except ValueError:
            continue
    return found


def _sign(module: str, label: str, pin: str, identifier: bytes, data: bytes) -> bytes:
    from pkcs11 import KeyType, Mechanism, ObjectClass  # noqa: PLC0415 -- an optional package
    from pkcs11.exceptions import PKCS11Error  # noqa: PLC0415 -- as above
    from pkcs11.util.ec import encode_ecdsa_signature  # noqa: PLC0415 -- as above

    with _session(module, label, pin) as session:
        try:
            private = session.get_key(object_class=ObjectClass.PRIVATE_KEY, id=identifier)
            if private.key_type == KeyType.RSA:
                return bytes(private.sign(data, mechanism=Mechanism.SHA256_RSA_PKCS))
            digest = hashes.Hash(hashes.SHA256())
            digest.update(data)
            return bytes(encode_ecdsa_signature(private.sign(digest.finalize(), mechanism=Mechanism.ECDSA)))
        except PKCS11Error as error:
            raise NotAKeyError from error
