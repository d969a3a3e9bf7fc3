"""One request from its beginning to its end: whether it is let in, when its turn is, what its answer carries, what is noted.

`Door` is what all requests of a process share. Reads on the short way pass it in `api.protocol` alone.
"""

from __future__ import annotations

import asyncio
import re
import time
from functools import partial
from typing import TYPE_CHECKING, Final

from fastapi import HTTPException, Response
from starlette.types import Message, Receive, Scope, Send

from api import logs
from api.clients import request_id, right_host, who_asks
from api.counts import Counts
from api.headers import CORS, SAFE, completed, is_read
from api.problems import problem
from api.rates import Bucket, Field, Rates, fields
from api.slots import Queue, Slots
from glossary.model.columns import ID
from glossary.serving import Serving

if TYPE_CHECKING:
    from api.protocol import ShortWayProtocol

HEALTH: Final = frozenset({"/healthz", "/readyz", "/metrics"})
"""Always let in, at once: who asks them must learn how things are."""
AGAIN: Final = 2
"""Seconds after which who found the service busy may ask again."""
OPEN_PLANS: Final = 2
"""How many import plans of people without a key may be made or wait at a time, apart from writes: nobody without a key keeps
an editor waiting."""
_IMPORTS = "/v1/imports"
_SWEEP = 1.0
_NONE = "none"
_OF_ENTRY = re.compile(rf"(?:/v1|/zh)?/entries/({ID})(?:/[a-z]+)?")
_MOST_PAGES = 4_096
_LONGEST_ID = 200


def short_route(path: str) -> str:
    """The template of a route that has a short way."""
    return path if path in ("/v1/search", "/v1/suggest", "/v1/annotate") else "/v1/entries/{id}"


class Door:
    """What the requests of this process share: quotas, turns, counts."""

    def __init__(self, serving: Serving):
        self.serving = serving
        self.pages: dict[str, str] = {}
        """The route templates of pages that were made, for when they are sent again without the routes."""
        self.rates = Rates(serving)
        self.queue = Queue(serving.slot_wait)
        self.reads = Slots(serving.slots_reads, serving.slot_wait)
        self.writes = Slots(serving.slots_writes, serving.slot_wait)
        self.plans = Slots(OPEN_PLANS, serving.slot_wait)
        self.counts = Counts()
        self.picky = bool(serving.hosts or serving.trusted_proxies)
        self.slow = 0 if serving.log_reads else serving.log_slow
        """Seconds from which a read that succeeds is logged at ``info``."""
        self._sweeping: asyncio.AbstractEventLoop | None = None

    def watch(self, connections: set[ShortWayProtocol]) -> None:
        """Look after the connections of this event loop from now on, once a second."""
        loop = asyncio.get_running_loop()
        if self._sweeping is not loop:
            self._sweeping = loop
            loop.call_later(_SWEEP, partial(self._sweep, loop, connections))

    def _sweep(self, loop: asyncio.AbstractEventLoop, connections: set[ShortWayProtocol]) -> None:
        now = time.monotonic()
        for connection in list(connections):
            connection.look(now)
        self.counts.connections = len(connections)
        self.counts.publish()
        loop.call_later(_SWEEP, partial(self._sweep, loop, connections))


def busy() -> Response:
    """503: there is no room for this request now."""
    detail = f"more is asked than can be answered: ask again in {AGAIN} seconds"
    return problem(503, "busy", "Too much waits already", detail, headers={"retry-after": str(AGAIN)})


def stopping() -> Response:
    """503: the server is told to stop and does not finish this request."""
    detail = "the service is being stopped and did not finish this: send it again, with the same Idempotency-Key or If-Match"  # fmt: skip
    return problem(503, "stopping", "The service is being stopped", detail, headers={"retry-after": str(AGAIN)})


def too_many(bucket: Bucket) -> Response:
    """429: the client's quota is used up."""
    detail = f"the quota {bucket.policy} of {bucket.quota} a minute is used up: ask again in {bucket.reset} seconds"
    return problem(429, "too-many-requests", "Too many requests", detail, headers={"retry-after": str(bucket.reset)})


def wrong_host() -> Response:
    """421: the client means another server."""
    detail = "the Host field names none of the hosts that this server answers for: check the address"
    return problem(421, "wrong-host", "Another server is meant", detail)


class Visit:
    """A request that is answered through ASGI."""

    def __init__(self, door: Door, scope: Scope, send: Send):
        self._door, self._scope, self._send = door, scope, send
        self._state = scope.setdefault("state", {})
        joined = self._state.get("joined")  # where its body comes later, the queue is joined later
        self._began = joined[0] if joined else time.monotonic()
        self._slots: Slots | None = None
        self.routed = scope
        """The scope that the routes are given."""
        self.exempt = scope["path"] in HEALTH
        self.read = is_read(scope["method"], scope["path"])
        given = dict(scope["headers"])
        self._id = request_id(given.get(b"x-request-id", b""))
        self._buckets = self._counted(given.get(b"authorization", b""))
        self._status = self._size = 0
        door.counts.in_flight += 1

    def _counted(self, authorization: bytes) -> list[Bucket]:
        peer = (self._scope.get("client") or ("", 0))[0]
        serving = self._door.serving
        address = who_asks(peer, self._scope["headers"], serving.trusted_proxies, serving.proxy_header)
        kind = "reads" if self.read else "writes"
        found = [self._door.rates.of_address(kind, address)]
        if authorization:
            found.append(self._door.rates.of_key(kind, authorization))
        return [bucket for bucket in found if bucket]

    def refusal(self) -> Response | None:
        """Why it is not let in, if so: another host is meant, or a quota is used up."""
        if self.exempt:
            return None
        if not right_host(self._door.serving, self._scope["headers"]):
            return self._refused("wrong-host", wrong_host())
        now = time.monotonic()
        for bucket in self._buckets:
            if not bucket.take(now):
                return self._refused("too-many-requests", too_many(bucket))
        return None

    def busy(self) -> Response:
        return self._refused("busy", busy())

    def stopping(self) -> Response:
        return self._refused("stopping", stopping())

    @property
    def answered(self) -> bool:
        """Whether the answer has begun."""
        return bool(self._status)

    def _refused(self, code: str, answer: Response) -> Response:
        self._state["code"] = code
        return answer

    async def turn(self) -> bool:
        """Wait until it may be answered, now that it is whole; false where that takes too long."""
        if self.exempt:
            return True
        joined = self._state.pop("joined", None)
        if joined and not self._door.queue.leave(joined):
            return False
        slots = self._kind_of_slots()
        if not await slots.take():
            return False
        self._slots = slots
        return True

    def _kind_of_slots(self) -> Slots:
        """Whose key is in force is known by now: the routes look at it before they read the body."""
        if self.read:
            return self._door.reads
        if self._scope["path"] == _IMPORTS and not self._state.get("actor"):
            return self._door.plans
        return self._door.writes

    def after_body(self, receive: Receive) -> Receive:
        """Reading that waits for the request's turn when all of its body is there."""

        async def whole() -> Message:
            message = await receive()
            if (
                message["type"] == "http.request"
                and not message.get("more_body")
                and self._slots is None
                and not self._status
                and not await self.turn()
            ):
                raise HTTPException(503, f"more is asked than can be answered: ask again in {AGAIN} seconds", {"retry-after": str(AGAIN)})  # fmt: skip
            return message

        return whole

    async def send(self, message: Message) -> None:
        """Send a part of the answer, its header fields completed. Its slot is free as soon as it begins."""
        if message["type"] == "http.response.start":
            self._status = message["status"]
            self._leave()
            message["headers"] = completed(message["headers"], self.fields())
        else:
            self._size += len(message.get("body", b""))
        await self._send(message)

    def fields(self) -> list[Field]:
        """The header fields that its answer must have."""
        return [*SAFE, *(CORS if self.read else ()), *fields(self._buckets), (b"x-request-id", self._id)]

    def end(self) -> None:
        """Count it and log it."""
        self._leave()
        counts = self._door.counts
        counts.in_flight -= 1
        seconds = time.monotonic() - self._began
        route = self.route()
        status = self._status or 499  # the client has gone before there was an answer
        counts.routes[route].add(status, seconds)
        code = self._state.get("code")
        if code and status >= 400:
            counts.refusals[code] += 1
        slow = self._door.slow
        if not self.read and (named := _OF_ENTRY.fullmatch(self._scope["path"])):
            self._state.setdefault("entry", named[1][:_LONGEST_ID])
        logs.log_request(self._scope, route, status, seconds, self._size, self._id, not self.read, slow)

    def route(self) -> str:
        """The template of the route that answered, ``none`` where there was none."""
        path = self._scope["path"]
        route = getattr(self.routed.get("route"), "path", "")
        if not route:
            return short_route(path) if path.startswith("/v1/") and self._status in (200, 304) else self._door.pages.get(path, _NONE)  # fmt: skip
        if self._status == 200 and not path.startswith("/v1/"):
            if len(self._door.pages) >= _MOST_PAGES:
                self._door.pages.clear()
            self._door.pages[path] = route
        return str(route)

    def _leave(self) -> None:
        if self._state.pop("joined", None):
            self._door.queue.waiting -= 1
        if self._slots:
            self._slots.give_back()
            self._slots = None
