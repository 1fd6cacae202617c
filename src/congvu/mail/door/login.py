"""The dialogue of AUTH: PLAIN and LOGIN, which are safe under TLS only. RFC 4954, RFC 4616."""

from collections.abc import Awaitable, Callable

from congvu.mail.door import syntax


class UnknownMechanismError(Exception):
    """A mechanism was asked for that is not offered."""


class CanceledError(Exception):
    """The client broke the dialogue off with a `*`."""


async def credentials(argument: str, ask: Callable[[str], Awaitable[str]]) -> tuple[str, str]:
    """Lead the dialogue to a user name and a password; `ask` sends a challenge and returns the answer.

    Raises UnknownMechanismError, CanceledError, SyntaxFaultError.
    """
    mechanism, _, initial = argument.partition(" ")

    async def hear(challenge: str) -> str:
        answer = await ask(challenge)
        if answer == "*":
            raise CanceledError
        return answer

    if mechanism.upper() == "PLAIN":
        given = initial.strip() or await hear("")
        return syntax.plain_credentials("" if given == "=" else given)
    if mechanism.upper() == "LOGIN":
        username = initial.strip() or await hear("VXNlcm5hbWU6")
        return syntax.base64_text(username), syntax.base64_text(await hear("UGFzc3dvcmQ6"))
    raise UnknownMechanismError
