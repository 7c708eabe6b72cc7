"""Bytes → XML tree with distrust: no entities, no network, no DOCTYPE, no deep nesting. Used for .docx and .ofd."""

from __future__ import annotations

from typing import TYPE_CHECKING

from validator.errors import LoadError

if TYPE_CHECKING:
    from lxml.etree import _Element

_DEEPEST = 256
"""Nothing deeper is walked, whatever the limits say: every level costs a level of Python's stack."""
_DOCTYPES = (b"<!DOCTYPE", b"<\0!\0D\0O\0C\0T\0Y\0P\0E\0")


def parse_xml(data: bytes, depth: int, *, broken: str, deep: str) -> _Element:
    """Parse one part.

    Args:
        data: the part.
        depth: the deepest element that is allowed.
        broken: what is said when it is not well-formed or has a DOCTYPE.
        deep: what is said when it is nested too deeply.

    Raises:
        LoadError: with one of these sentences.
    """
    from lxml import etree

    if any(mark in data for mark in _DOCTYPES):
        raise LoadError(broken)
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.LxmlError, ValueError) as exc:
        raise LoadError(deep if "Excessive depth" in str(exc) else broken) from exc
    tree = root.getroottree()
    if tree.docinfo.doctype or tree.docinfo.internalDTD is not None:
        raise LoadError(broken)
    deeper = etree.XPath(f"boolean({'/*' * (min(depth, _DEEPEST) + 1)})")
    if deeper(tree):
        raise LoadError(deep)
    return root
