"""One way to read XML that a stranger may have written."""

from __future__ import annotations

from lxml import etree

MAX_BYTES = 2_000_000
MAX_DEPTH = 60
MAX_ELEMENTS = 20_000


class XmlRefused(Exception):
    """The text is no XML that Anliu reads: not well-formed, too large, or with a DTD or entities."""

    def __init__(self, name: str, message: str, line: int = 0) -> None:
        super().__init__(f"{name}:{line}: {message}")
        self.name = name
        self.message = message
        self.line = line


def parse(content: bytes, name: str) -> etree._Element:
    """The root element of an XML document.

    Nothing outside the document is read: DTDs and entities are refused, not ignored, because a document
    that brings its own grammar isn't one that an editor of ours wrote (OWASP XXE prevention).

    :param content: the file's bytes.
    :param name: what to call it in an error.
    :raises XmlRefused: with the line where it was found.
    """
    if len(content) > MAX_BYTES:
        raise XmlRefused(name, f"larger than {MAX_BYTES:,} bytes")
    # A DOCTYPE is refused before libxml2 sees it; UTF-16 would hide one from a look at the bytes.
    head = content[:200].lstrip(b"\xef\xbb\xbf").lstrip()
    if not head.startswith(b"<"):
        raise XmlRefused(name, "not XML in UTF-8", 1)
    position = content.upper().find(b"<!DOCTYPE")
    if position >= 0 or b"<!ENTITY" in content.upper():
        line = content[: max(position, 0)].count(b"\n") + 1
        raise XmlRefused(name, "a DTD or entity declaration is not allowed", line)
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        encoding="utf-8",
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise XmlRefused(name, error.msg or "not well-formed", error.lineno or 0) from None
    if root is None:
        raise XmlRefused(name, "an empty document", 1)
    depth_of = {root: 1}
    for count, element in enumerate(root.iter()):
        if count > MAX_ELEMENTS:
            raise XmlRefused(name, f"more than {MAX_ELEMENTS:,} elements", element.sourceline or 0)
        parent = element.getparent()
        depth = depth_of[parent] + 1 if parent is not None else 1
        if depth > MAX_DEPTH:
            raise XmlRefused(name, f"nested deeper than {MAX_DEPTH}", element.sourceline or 0)
        depth_of[element] = depth
    return root
