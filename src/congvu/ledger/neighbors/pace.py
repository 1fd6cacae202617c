"""How often somebody may ask: so much at once, and so much a minute afterwards."""

import threading
from dataclasses import dataclass, field

_MOST = 50_000  # askers remembered
MINUTE = 60.0


@dataclass(slots=True)
class Pace:
    """An allowance for each asker, in this process; whoever was forgotten begins anew."""

    burst: int
    a_minute: int
    _left: dict[str, tuple[float, float]] = field(default_factory=dict)  # what is left, and when that was
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def allows(self, asker: str, at: float) -> bool:
        """Count one question at a moment in seconds; return whether it is within the allowance."""
        with self._lock:
            left, since = self._left.pop(asker, (float(self.burst), at))
            left = min(self.burst, left + max(0.0, at - since) * self.a_minute / MINUTE)
            is_within = left >= 1
            self._left[asker] = (left - 1 if is_within else left, at)
            if len(self._left) > _MOST:
                del self._left[next(iter(self._left))]
            return is_within
