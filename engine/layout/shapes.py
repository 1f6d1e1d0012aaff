"""Boxes, sizes and how much room a text takes. All lengths are pixels of the diagram; y grows downwards."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field

Point = tuple[float, float]

TASK = (120.0, 80.0)
EVENT = (36.0, 36.0)
GATEWAY = (50.0, 50.0)
DATA_OBJECT = (36.0, 50.0)
ANNOTATION = (120.0, 50.0)
COLLAPSED = TASK

COLUMN_GAP = 50.0
ROW_GAP = 60.0
LANE_PADDING = 36.0
POOL_LABEL = 30.0
LANE_LABEL = 30.0
SIDE_PADDING = 42.0
SUBPROCESS_TOP = 30.0
SUBPROCESS_PADDING = 24.0

LABEL_SIZE = 11.0
LABEL_LINE = 14.0
LABEL_WIDEST = 110.0
"""A name longer than this is written in lines of about the same length."""


@dataclass(frozen=True)
class Box:
    """A rectangle by its left upper corner and size."""

    x: float
    y: float
    w: float
    h: float

    @property
    def right(self) -> float:
        """The x of the right border."""
        return self.x + self.w

    @property
    def bottom(self) -> float:
        """The y of the lower border."""
        return self.y + self.h

    @property
    def cx(self) -> float:
        """The x of the middle."""
        return self.x + self.w / 2

    @property
    def cy(self) -> float:
        """The y of the middle."""
        return self.y + self.h / 2

    def moved(self, dx: float, dy: float) -> Box:
        """The same rectangle elsewhere."""
        return Box(self.x + dx, self.y + dy, self.w, self.h)

    def grown(self, by: float) -> Box:
        """The same rectangle with a margin on all four sides."""
        return Box(self.x - by, self.y - by, self.w + 2 * by, self.h + 2 * by)

    def overlaps(self, other: Box) -> bool:
        """Whether the insides of both have something in common; touching isn't overlapping."""
        return (
            self.x < other.right and other.x < self.right and self.y < other.bottom and other.y < self.bottom
        )

    def holds(self, other: Box) -> bool:
        """Whether the other lies wholly in this one."""
        return (
            self.x <= other.x
            and self.y <= other.y
            and other.right <= self.right
            and other.bottom <= self.bottom
        )

    def crossed_by(self, a: Point, b: Point) -> bool:
        """Whether the horizontal or vertical segment from a to b passes through the inside."""
        left, right = min(a[0], b[0]), max(a[0], b[0])
        top, bottom = min(a[1], b[1]), max(a[1], b[1])
        return left < self.right and right > self.x and top < self.bottom and bottom > self.y


@dataclass
class Picture:
    """Where everything lies, by element id."""

    shapes: dict[str, Box] = field(default_factory=dict)
    edges: dict[str, list[Point]] = field(default_factory=dict)
    labels: dict[str, Box] = field(default_factory=dict)
    anchors: dict[str, float] = field(default_factory=dict)
    """How far below its upper border flows enter and leave a shape, where that isn't the middle."""
    frame: Box = Box(0, 0, 0, 0)
    """What the picture fills; for a pool, the pool itself."""

    def add(self, other: Picture, dx: float, dy: float) -> None:
        """Puts another picture into this one, moved."""
        self.shapes.update({id: box.moved(dx, dy) for id, box in other.shapes.items()})
        self.labels.update({id: box.moved(dx, dy) for id, box in other.labels.items()})
        self.edges.update({id: [(x + dx, y + dy) for x, y in way] for id, way in other.edges.items()})
        self.anchors.update(other.anchors)


def text_width(text: str) -> float:
    """How wide a name is in the small letters of labels: Chinese letters are about twice as wide."""
    return sum(
        LABEL_SIZE if unicodedata.east_asian_width(letter) in "WF" else LABEL_SIZE * 0.56 for letter in text
    )


def label_size(text: str) -> tuple[float, float]:
    """Width and height of a name that stands outside its shape, broken into lines where it is long."""
    width = text_width(text)
    lines = 1
    while width / lines > LABEL_WIDEST:
        lines += 1
    # An editor breaks a long word one letter early: room for one more a line keeps the lines as counted.
    room = LABEL_SIZE * (1.5 if lines > 1 else 0.4)
    return round(width / lines + room), LABEL_LINE * lines


def around(boxes: Iterable[Box]) -> Box:
    """The smallest rectangle that holds them all; an empty one when there are none."""
    found = list(boxes)
    if not found:
        return Box(0, 0, 0, 0)
    left, top = min(box.x for box in found), min(box.y for box in found)
    return Box(left, top, max(box.right for box in found) - left, max(box.bottom for box in found) - top)
