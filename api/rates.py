"""How often a client may ask: quotas of a minute for an address and for a key, in a sliding window counted by `limits`.

Each process counts for itself, with its share of the quota: the setting divided by the number of processes, so that all
of them together never give more than the setting. To ask the library costs more than a look-up; so a bucket takes its
quota from the library in lots, and a request takes one from the lot.
"""

from __future__ import annotations

import time
from hashlib import blake2b
from math import ceil
from typing import Final

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter

from glossary.serving import Serving

WINDOW: Final = 60
_LOTS = 1_000
_MOST_BUCKETS = 20_000
_MOST_COUNTED = 200_000
Field = tuple[bytes, bytes]


class Bucket:
    """What one client may still ask of one kind; ``policy`` is its name in header fields."""

    __slots__ = ("_beyond", "_end", "_left", "_limiter", "_line", "_quota", "_stale", "_who", "policy", "reset")

    def __init__(self, limiter: SlidingWindowCounterRateLimiter, quota: RateLimitItemPerMinute, name: str, who: str):
        self._limiter, self._quota, self._who = limiter, quota, f"{name}:{who}"
        self._left = self._beyond = 0
        self._stale = 0.0
        self.reset = WINDOW
        self.policy = f'"{name}"'
        self._line = self._end = b""

    def take(self, now: float) -> bool:
        """Whether one more may be asked at this moment (of `time.monotonic`); it counts then."""
        if self._left and now < self._stale:
            self._left -= 1
            return True
        return self._drawn(now)

    def give_back(self) -> None:
        """Take back a `take`: the request is counted elsewhere."""
        self._left += 1

    @property
    def line(self) -> bytes:
        """The fields of `fields` for this bucket alone, as they go over the wire."""
        return b"%b%d%b" % (self._line, self._left + self._beyond, self._end)

    @property
    def left(self) -> int:
        """How many may still be asked in the window."""
        return self._left + self._beyond

    @property
    def quota(self) -> int:
        return self._quota.amount

    def _drawn(self, now: float) -> bool:
        if not self._left:
            for lot in (self._quota.amount // _LOTS, 1):
                if lot and self._limiter.hit(self._quota, self._who, cost=lot):
                    self._left = lot
                    break
        reset, beyond = self._limiter.get_window_stats(self._quota, self._who)
        self._beyond = min(beyond, self.quota - self._left)  # a lot that is older than the window was forgotten there
        self.reset = max(1, ceil(reset - time.time()))
        self._stale = now + 1
        name = self.policy.encode()
        self._line = b"ratelimit-policy: %b;q=%d;w=%d\r\nratelimit: %b;r=" % (name, self.quota, WINDOW, name)
        self._end = b";t=%d\r\n" % self.reset
        if not self._left:
            return False
        self._left -= 1
        return True


class Rates:
    """The buckets of all clients of this process."""

    def __init__(self, serving: Serving):
        self._storage = MemoryStorage()
        self._limiter = SlidingWindowCounterRateLimiter(self._storage)
        quotas = {"reads": serving.rate_reads, "writes": serving.rate_writes}
        self._quotas = {
            name: RateLimitItemPerMinute(max(1, quota // serving.workers)) for name, quota in quotas.items() if quota
        }
        self._buckets: dict[tuple[str, str], Bucket] = {}

    def of_address(self, kind: str, address: str) -> Bucket | None:
        """The bucket of an address for ``reads`` or ``writes``; None where there is no limit."""
        return self._bucket(kind, kind, address)

    def of_key(self, kind: str, token: bytes) -> Bucket | None:
        """The bucket of a key, beside that of the address: a key that nobody has must not be a way round that."""
        return self._bucket(kind, f"key-{kind}", blake2b(token, digest_size=12).hexdigest())

    def _bucket(self, kind: str, name: str, who: str) -> Bucket | None:
        quota = self._quotas.get(kind)
        if quota is None:
            return None
        bucket = self._buckets.get((name, who))
        if bucket is None:
            if len(self._buckets) >= _MOST_BUCKETS:
                self._buckets.clear()  # what they have taken from the library stays counted there
            if len(self._storage.storage) >= _MOST_COUNTED:
                self._storage.reset()  # so many addresses in two minutes: memory goes before exactness
            bucket = self._buckets[name, who] = Bucket(self._limiter, quota, name, who)
        return bucket


def fields(buckets: list[Bucket]) -> list[Field]:
    """RateLimit-Policy and RateLimit (draft-ietf-httpapi-ratelimit-headers-11) for a request that counts in these."""
    if not buckets:
        return []
    policies = ", ".join(f"{bucket.policy};q={bucket.quota};w={WINDOW}" for bucket in buckets)
    states = ", ".join(f"{bucket.policy};r={bucket.left};t={bucket.reset}" for bucket in buckets)
    return [(b"ratelimit-policy", policies.encode()), (b"ratelimit", states.encode())]
