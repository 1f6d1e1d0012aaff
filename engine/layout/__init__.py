"""Draws a BPMN file that has no picture, or a poor one: lanes, columns, straight main way, orthogonal flows.

The way through the files: :mod:`.reading` (what is there), :mod:`.ranking` (which column), :mod:`.rows`
(which row), :mod:`.placing` (where), :mod:`.routing` (the flows: along the :mod:`.tracks` between
the shapes, from and to :mod:`.ports`, by :mod:`.search`), :mod:`.labels` (the names), :mod:`.writing` (BPMN DI).
"""

from __future__ import annotations

from engine.layout.drawing import draw
from engine.layout.reading import read
from engine.layout.writing import write
from engine.runtime import xml


def lay_out(content: bytes, name: str) -> bytes:
    """The same BPMN file with a new picture (BPMN 2.0.2, chapter 12); what it means stays as it was.

    The same file always gets the same picture. Of two exits of a gateway the one that stands first in the
    file goes straight on.

    :param content: a BPMN file with one process, with or without a picture.
    :param name: what to call it in an error.
    :returns: the file in UTF-8; comments are lost.
    :raises XmlRefused: when it isn't XML that Anliu reads.
    :raises DefinitionRefused: when it holds no process, or several.
    """
    root = xml.parse(content, name)
    diagram = read(root, name)
    return write(root, diagram, draw(diagram.scope, pool=diagram.pool is not None))
