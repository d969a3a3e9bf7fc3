"""``/metrics``: what all processes together have done, in the text format of Prometheus."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from fastapi import APIRouter, Depends, Request, Response
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from starlette.exceptions import HTTPException

from api.counts import BOUNDS, GAUGES, Counts
from api.health import NO_PARAMETERS
from api.parameters import only_known
from glossary.errors import NoDatabase
from glossary.library import Glossary

router = APIRouter(dependencies=[Depends(only_known)], tags=["about"])
MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_BOUNDS = [*(f"{bound:g}" for bound in BOUNDS), "+Inf"]
_ABOUT = {"in_flight": "Requests that are being answered.", "connections": "Open connections."}


class _Collected:
    """The numbers of the processes and the glossary, as prometheus-client collects them."""

    def __init__(self, documents: list[dict[str, Any]], glossary: Glossary | None):
        self._documents = documents
        self._glossary = glossary

    def collect(self) -> Iterator[Metric]:
        requests = CounterMetricFamily(
            "glossary_requests", "Requests by route and class of status.", labels=["route", "status"]
        )
        seconds = HistogramMetricFamily(
            "glossary_request_seconds", "From the whole request to the end of the answer.", labels=["route"]
        )
        refusals = CounterMetricFamily(
            "glossary_refusals", "Requests refused, by code of the problem.", labels=["code"]
        )
        routes: dict[str, tuple[list[int], list[int], float]] = {}
        refused: Counter[str] = Counter()
        for document in self._documents:
            refused.update(document["refusals"])
            for name, (classes, buckets, spent) in document["routes"].items():
                before = routes.get(name, ([0] * len(classes), [0] * len(buckets), 0.0))
                routes[name] = _sums(before[0], classes), _sums(before[1], buckets), before[2] + spent
        for name, (classes, buckets, spent) in sorted(routes.items()):
            for number, count in enumerate(classes):
                if count:
                    requests.add_metric([name, f"{number}xx"], count)
            running = [sum(buckets[: place + 1]) for place in range(len(buckets))]
            seconds.add_metric([name], list(zip(_BOUNDS, running, strict=True)), spent)
        for code, count in sorted(refused.items()):
            refusals.add_metric([code], count)
        yield from (requests, seconds, refusals)
        for name in GAUGES:
            yield GaugeMetricFamily(f"glossary_{name}", _ABOUT[name], sum(found[name] for found in self._documents))
        yield GaugeMetricFamily("glossary_processes", "Processes that these numbers are of.", len(self._documents))
        yield from self._sizes()

    def _sizes(self) -> Iterator[Metric]:
        up = GaugeMetricFamily("glossary_up", "Whether the database can be read.", 0 if self._glossary is None else 1)
        yield up
        if self._glossary is None:
            return
        stats = self._glossary.stats()
        yield GaugeMetricFamily("glossary_revision", "Revision of the glossary.", stats["revision"])
        sizes = GaugeMetricFamily("glossary_size", "How many there are of each kind.", labels=["kind"])
        sizes.add_metric(["entries"], stats["entries"]["total"])
        sizes.add_metric(["terms"], stats["terms"]["total"])
        sizes.add_metric(["sources"], len(self._glossary.sources()))
        yield sizes


def _sums(one: list[int], other: list[int]) -> list[int]:
    return [a + b for a, b in zip(one, other, strict=True)]


def rendered(counts: Counts, glossary: Glossary | None) -> bytes:
    """The page; without a glossary it says that there is none (``glossary_up 0``)."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Collected(counts.of_all(), glossary))
    return generate_latest(registry)


@router.get(
    "/metrics",
    summary="Figures for Prometheus",
    operation_id="metrics",
    response_class=Response,
    responses={
        200: {
            "description": "Counters, latencies and sizes.",
            "content": {"text/plain": {"schema": {"type": "string"}}},
        },
        404: {"description": "They are switched off here.", "content": NO_PARAMETERS["content"]},
        422: NO_PARAMETERS,
    },
)
async def metrics(request: Request) -> Response:
    """Requests by route and class of status, how long they took, refusals by code, and how large the glossary is.

    With several processes it is the sum of all. It holds no question, no address and no key.
    """
    if not request.app.state.serving.metrics:
        raise HTTPException(404)
    try:
        body = rendered(request.app.state.counts, request.app.state.glossary())
    except NoDatabase:
        body = rendered(request.app.state.counts, None)
    return Response(body, headers={"content-type": MEDIA_TYPE, "cache-control": "no-store"})
