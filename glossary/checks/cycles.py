"""Links that lead back to where they began."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping


def in_circles(links: Mapping[str, Collection[str]]) -> dict[str, int]:
    """The nodes from which links lead back to themselves, each with a number; a link between two of the same number is part
    of a circle (the strongly connected components of Tarjan, SIAM Journal on Computing 1(2), 1972, without recursion).
    """
    found: dict[str, int] = {}
    order: dict[str, int] = {}
    low: dict[str, int] = {}
    path: list[str] = []
    for start in links:
        if start in order:
            continue
        todo: list[tuple[str, Iterator[str]]] = [(start, iter(links[start]))]
        order[start] = low[start] = len(order)
        path.append(start)
        while todo:
            here, onward = todo[-1]
            for other in onward:
                if other not in order:
                    order[other] = low[other] = len(order)
                    path.append(other)
                    todo.append((other, iter(links.get(other, ()))))
                    break
                if low[other] >= 0:  # still on the path
                    low[here] = min(low[here], order[other])
            else:
                todo.pop()
                if todo:
                    low[todo[-1][0]] = min(low[todo[-1][0]], low[here])
                if low[here] == order[here]:
                    group = [path.pop()]
                    while group[-1] != here:
                        group.append(path.pop())
                    if len(group) > 1 or here in links.get(here, ()):
                        found |= dict.fromkeys(group, order[here])
                    for node in group:
                        low[node] = -1
    return found
