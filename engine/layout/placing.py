"""From columns and rows to places: widths of columns, heights of rows, bands one below the other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.layout import shapes
from engine.layout.ranking import Ranking
from engine.layout.reading import ARTIFACTS, Scope
from engine.layout.rows import assign
from engine.layout.shapes import Box, Picture

LINE_LIMIT = 2400.0
"""A picture without lanes that would be wider gives each long subprocess a line of its own, as text breaks."""
LONG = 1000.0
EMPTY_LANE = 80.0
HALF_ROW = 40.0
CHANGING = 24.0
BOUNDARY_INSET = 30.0
BOUNDARY_STEP = 46.0
SKIRT_INSET = 140.0
SKIRT_DROP = 36.0


@dataclass(frozen=True)
class Block:
    """How much room a node takes: its shape, and what hangs below it."""

    w: float
    h: float
    anchor: float
    """How far below the upper border the row's line passes: where flows enter and leave."""
    skirt: float = 0.0


@dataclass
class Places:
    """A scope on its columns and rows, before the flows are drawn."""

    picture: Picture
    bands: list[Box] = field(default_factory=list)
    """The lanes, or the lines, from the top."""
    borders: list[float] = field(default_factory=list)
    """The y of the lines between lanes, along which no flow should run."""


def place(scope: Scope, ranking: Ranking, blocks: Mapping[str, Block], pool: bool) -> Places:
    """Puts every node of a scope, and the lanes and the pool around them.

    :param blocks: the room of every node that has a column.
    :param pool: whether the scope is a pool's and gets a frame with a label.
    """
    line = _lines(scope, ranking, blocks)
    band = _bands(scope, ranking, line)
    row = assign(scope, ranking, band)
    left = (shapes.POOL_LABEL if pool else 0) + (shapes.LANE_LABEL if scope.lanes else 0)
    x, width = _columns(scope, ranking, blocks, row, line, left + shapes.SIDE_PADDING)
    count = len(scope.lanes) or max(line, default=0) + 1
    places = Places(Picture())
    top = 0.0
    right = max((x[column] + width[column] for column in x), default=left) + shapes.SIDE_PADDING
    for number in range(count):
        members = [id for id in row if band[id] == number]
        centre, height = _row_lines(members, row, blocks, top + shapes.LANE_PADDING)
        height += 2 * shapes.LANE_PADDING
        for id in members:
            block, at = blocks[id], ranking.column[id]
            box = Box(x[at] + (width[at] - block.w) / 2, centre[row[id]] - block.anchor, block.w, block.h)
            places.picture.shapes[id] = box
            if block.anchor != block.h / 2:
                places.picture.anchors[id] = block.anchor
        places.bands.append(Box(left, top, right - left, height))
        top += height
    for lane, box in zip(scope.lanes, places.bands, strict=False):
        places.picture.shapes[lane] = Box(box.x - shapes.LANE_LABEL, box.y, box.w + shapes.LANE_LABEL, box.h)
    places.borders = [box.y for box in places.bands[1:]] if scope.lanes else []
    places.picture.frame = Box(0, 0, right, top)
    _hang_on(scope, ranking, places.picture)
    return places


def _lines(scope: Scope, ranking: Ranking, blocks: Mapping[str, Block]) -> list[int]:
    """The line of each column: one line, unless the picture has no lanes and would be too wide to read."""
    last = max(ranking.column.values(), default=-1)
    widest = [0.0] * (last + 1)
    for id, column in ranking.column.items():
        widest[column] = max(widest[column], blocks[id].w)
    total = sum(widest) + shapes.COLUMN_GAP * last
    line = [0] * (last + 1)
    if scope.lanes or total <= LINE_LIMIT:
        return line
    current = 0
    for column, width in enumerate(widest):
        if column and (width > LONG or widest[column - 1] > LONG):
            current += 1
        line[column] = current
    return line


def _bands(scope: Scope, ranking: Ranking, line: list[int]) -> dict[str, int]:
    lane_number = {lane: number for number, lane in enumerate(scope.lanes)}
    band = {}
    for node in scope.nodes.values():
        if scope.lanes:
            band[node.id] = lane_number[node.lane or scope.lanes[0]]
            continue
        at = ranking.column.get(node.host or node.id)
        if node.tag in ARTIFACTS:
            near = [
                ranking.column[other]
                for flow in scope.flows
                for own, other in ((flow.source, flow.target), (flow.target, flow.source))
                if own == node.id and other in ranking.column
            ]
            at = near[0] if near else 0
        band[node.id] = line[at] if at is not None and line else 0
    return band


def _columns(
    scope: Scope,
    ranking: Ranking,
    blocks: Mapping[str, Block],
    row: Mapping[str, int],
    line: list[int],
    left: float,
) -> tuple[dict[int, float], dict[int, float]]:
    """Left border and width of each column.

    A labelled way that goes straight on gets room for its label, and so do ways that change lanes side by side.
    """
    width: dict[int, float] = {}
    for id in row:
        at = ranking.column[id]
        width[at] = max(width.get(at, 0), blocks[id].w)
    gap = dict.fromkeys(width, shapes.COLUMN_GAP)
    changing: dict[int, int] = {}
    for flow in scope.sequence:
        source, target = flow.source, flow.target
        if source not in row or target not in row:
            continue
        at = ranking.column[source]
        if scope.nodes[source].lane != scope.nodes[target].lane:
            changing[at] = changing.get(at, 0) + 1
            gap[at] = max(gap[at], shapes.COLUMN_GAP + CHANGING * (changing[at] - 1))
            continue
        if not flow.name or row[source] != row[target]:
            continue
        if ranking.column[target] <= at or at + 1 not in width:
            continue
        # A way that goes on past the next column may be crossed in that column's middle.
        ahead = blocks[target].w if ranking.column[target] == at + 1 else 16
        room = (width[at] - blocks[source].w) / 2 + (width[at + 1] - ahead) / 2
        gap[at] = max(gap[at], round(shapes.label_size(flow.name)[0] + 26 - room))
    x: dict[int, float] = {}
    ends: dict[int, float] = {}
    for column in sorted(width):
        x[column] = ends.get(line[column], left)
        ends[line[column]] = x[column] + width[column] + gap[column]
    # Of several lines the last ends where the longest ends: the picture is read from left above to right below.
    last = line[-1] if line else 0
    shift = max(ends.values(), default=0) - ends.get(last, 0)
    return {column: x[column] + (shift if last and line[column] == last else 0) for column in x}, width


def _row_lines(
    members: list[str], row: Mapping[str, int], blocks: Mapping[str, Block], top: float
) -> tuple[dict[int, float], float]:
    """The y of the line through each row of a band, and the height of all rows."""
    if not members:
        return {}, EMPTY_LANE
    centre = {}
    y = top
    for number in sorted({row[id] for id in members}):
        here = [blocks[id] for id in members if row[id] == number]
        above = max(HALF_ROW, *(block.anchor for block in here), 0)
        below = max(HALF_ROW, *(block.h - block.anchor + block.skirt for block in here), 0)
        centre[number] = y + above
        y += above + below + shapes.ROW_GAP
    return centre, y - shapes.ROW_GAP - top


def _hang_on(scope: Scope, ranking: Ranking, picture: Picture) -> None:
    """Boundary events on the lower border of their hosts, and what hangs below expanded subprocesses."""
    events: dict[str, list[str]] = {}
    for node in scope.nodes.values():
        if node.host is not None:
            events.setdefault(node.host, []).append(node.id)
    w, h = shapes.EVENT
    for host, members in events.items():
        box = picture.shapes[host]
        if scope.nodes[host].inner is None:
            for number, id in enumerate(members):
                centre = box.right - BOUNDARY_INSET - number * BOUNDARY_STEP
                picture.shapes[id] = Box(centre - w / 2, box.bottom - h / 2, w, h)
            continue
        at = box.x + SKIRT_INSET
        for id, chain in zip(members, ranking.skirts.get(host, [[]] * len(members)), strict=False):
            picture.shapes[id] = Box(at - w / 2, box.bottom - h / 2, w, h)
            at += w / 2 + shapes.COLUMN_GAP
            for hanging in chain:
                size = scope.nodes[hanging].size
                centre = box.bottom + SKIRT_DROP + shapes.TASK[1] / 2
                picture.shapes[hanging] = Box(at, centre - size[1] / 2, *size)
                at += size[0] + shapes.COLUMN_GAP
            at += SKIRT_INSET - shapes.COLUMN_GAP


def block_of(scope: Scope, id: str, inner: Picture | None, hangs: bool) -> Block:
    """The room that a node takes.

    :param inner: the picture of what an expanded subprocess holds, its frame starting at 0, 0.
    :param hangs: whether anything hangs below the subprocess.
    """
    if inner is None:
        w, h = scope.nodes[id].size
        return Block(w, h, h / 2)
    h = inner.frame.h + shapes.SUBPROCESS_TOP
    start = [
        inner.shapes[other.id].cy
        for other in scope.nodes[id].inner.nodes.values()  # type: ignore[union-attr]
        if other.tag == "startEvent"
    ]
    anchor = start[0] + shapes.SUBPROCESS_TOP if start else h / 2
    return Block(inner.frame.w + inner.frame.w % 2, h, anchor, SKIRT_DROP + shapes.TASK[1] if hangs else 0.0)
