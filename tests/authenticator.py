"""What an authenticator app on a telephone shows."""

import base64
import hmac
import struct
import time

STEP = 30  # seconds
ENOUGH = 6  # seconds that a person, or a busy machine, needs to hand a code in


def code(secret: str) -> str:
    """Return the code of now (RFC 6238 with the truncation of RFC 4226), or the next one where this one ends soon."""
    left = STEP - time.time() % STEP
    if left < ENOUGH:
        time.sleep(left)
    mac = hmac.digest(base64.b32decode(secret), struct.pack(">Q", int(time.time()) // STEP), "sha1")
    start = mac[-1] & 15
    return f"{(int.from_bytes(mac[start : start + 4]) & 0x7FFFFFFF) % 1_000_000:06}"
