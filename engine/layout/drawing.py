"""Draws a scope: first what its subprocesses hold, then its own nodes, then the flows and names."""

from __future__ import annotations

from engine.layout import shapes
from engine.layout.labels import label
from engine.layout.placing import block_of, place
from engine.layout.ranking import rank
from engine.layout.reading import Scope
from engine.layout.routing import route
from engine.layout.shapes import Picture


def draw(scope: Scope, *, pool: bool = False) -> Picture:
    """The whole picture of a scope; its frame starts at 0, 0.

    :param pool: whether the frame is a pool with a label at its left.
    """
    inner = {node.id: draw(node.inner) for node in scope.nodes.values() if node.inner is not None}
    ranking = rank(scope)
    blocks = {
        id: block_of(scope, id, inner.get(id), bool(ranking.skirts.get(id)))
        for id in scope.nodes
        if scope.nodes[id].host is None
    }
    places = place(scope, ranking, blocks, pool)
    picture = places.picture
    route(scope, ranking, places)
    label(scope, picture)
    for id, held in inner.items():
        picture.add(held, picture.shapes[id].x, picture.shapes[id].y + shapes.SUBPROCESS_TOP)
    return picture
