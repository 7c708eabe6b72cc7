"""OFD → RawDocument: the pages of a GB/T 33190 package through the layout module.

Own reader, text only: a report needs places and words, no colours and no fonts. A page whose words are in a picture, or
that cannot be read, is an error.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from validator.document import RawDocument
from validator.errors import LoadError
from validator.loaders.assemble import assemble
from validator.loaders.paper.layout import Page, arrange
from validator.loaders.paper.legible import DRAWN, SCANNED, is_garbled, name_pages, pages_without_words
from validator.loaders.paper.lines import FURNITURE, Fragment
from validator.loaders.paper.ofd_package import BROKEN, OfdPackage, local_name, resolve
from validator.loaders.paper.ofd_text import POINTS, Contents, Transform, numbers, read_layers
from validator.options import DEFAULT_LIMITS, Limits

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element

_A4 = [0.0, 0.0, 210.0, 297.0]


class _Sheet(NamedTuple):
    """A page, what its layers hold, and its area in square millimetres."""

    page: Page
    contents: Contents
    area: float
    recognised: bool


def load_ofd(name: str, data: bytes, limits: Limits = DEFAULT_LIMITS) -> RawDocument:
    """Read an OFD file; several documents in one package are read one after the other.

    Args:
        name: the path as the user gave it; it is only shown.
        data: the whole file.
        limits: of the zip, the pages and the text.

    Raises:
        LoadError: it is no OFD, encrypted, damaged or too large, or a page's words are only in a picture.
    """
    package = OfdPackage(data, limits)
    root = package.parse("OFD.xml")
    sheets: list[_Sheet] = []
    roots = [d.text or "" for body in _all(root, "DocBody") for d in _all(body, "DocRoot")]
    if not roots:
        raise LoadError(BROKEN)
    for document in roots:
        for sheet in _sheets(package, resolve("", document)):
            sheets.append(sheet)
            if len(sheets) > limits.pages:
                raise LoadError(f"OFD 超过 {limits.pages} 页，不像一份报告。")
    pages = [s.page for s in sheets]
    blocks = arrange(pages)
    wanting = [
        number
        for number, bare in pages_without_words(pages, blocks)
        if (s := sheets[number - 1]).contents.pictures >= SCANNED * s.area or (bare and s.contents.drawings >= DRAWN)
    ]
    if wanting:
        which = name_pages(wanting, len(pages))
        raise LoadError(f"OFD {which}是扫描图片，没有文字，请用 Word 文件检查，或转成 PDF 后加 --ocr 识别。")
    if is_garbled(blocks):
        raise LoadError("OFD 里的文字是乱码，读不出汉字，请用 Word 文件检查。")
    for number, sheet in enumerate(sheets, 1):
        if sheet.contents.slanted > sum(len(f.text) for f in sheet.page.fragments) + 30:
            raise LoadError(f"OFD 第{number}页的文字是横过来的，读不出来，请用 Word 文件检查。")
    recognised = any(s.recognised for s in sheets)
    return assemble(name, data, blocks, limits, reading="ocr" if recognised else "text")


def _all(element: _Element, name: str) -> list[_Element]:
    return [child for child in element if local_name(child) == name]


def _one(element: _Element | None, *path: str) -> _Element | None:
    """Return the first element down a path of names."""
    for name in path:
        element = next(iter(_all(element, name)), None) if element is not None else None
    return element


def _box(area: _Element | None) -> list[float] | None:
    """Return the box of a page area: x, y, width, height in millimetres."""
    for name in ("PhysicalBox", "ApplicationBox"):
        box = _one(area, name)
        sides = numbers(box.text) if box is not None else []
        if len(sides) == 4 and sides[2] > 0 and sides[3] > 0:
            return sides
    return None


def _sheets(package: OfdPackage, path: str) -> Iterator[_Sheet]:
    """Give the pages of one document of the package."""
    document = package.parse(path)
    common = _one(document, "CommonData")
    usual = _box(_one(common, "PageArea")) or _A4
    templates = {
        t.get("ID", ""): resolve(path, t.get("BaseLoc", ""))
        for t in (_all(common, "TemplatePage") if common is not None else [])
    }
    units = _units(package, path, common)
    listed = _one(document, "Pages")
    if listed is None:
        raise LoadError(BROKEN)

    @cache
    def behind(template: str, origin: Transform) -> list[Fragment]:
        """Return the words of a template; all pages may use the same one."""
        part = templates.get(template)
        if not part or not package.has(part):
            return []
        contents = _all(package.parse(part), "Content")
        return [f for c in contents for f in read_layers(c, origin, units, FURNITURE).fragments]

    for entry in _all(listed, "Page"):
        root = package.parse(resolve(path, entry.get("BaseLoc", "")))
        box = _box(_one(root, "Area")) or usual
        origin = Transform(e=-box[0], f=-box[1])
        own = Contents()
        for content in _all(root, "Content"):
            own = read_layers(content, origin, units, -1)
        fragments = list(own.fragments)
        recognised = bool(own.hidden) and not own.fragments and own.pictures >= SCANNED * box[2] * box[3]
        if recognised:
            fragments = own.hidden
        for used in _all(root, "Template"):
            fragments += behind(used.get("TemplateID", ""), origin)
        page = Page(box[2] * POINTS, box[3] * POINTS, fragments, exact=not recognised)
        yield _Sheet(page, own, box[2] * box[3], recognised)


def _units(package: OfdPackage, path: str, common: _Element | None) -> dict[str, _Element]:
    """Return the composite graphic units of a document's resources by id."""
    units: dict[str, _Element] = {}
    for child in common if common is not None else ():
        if local_name(child) not in ("PublicRes", "DocumentRes"):
            continue
        part = resolve(path, child.text or "")
        if not package.has(part):
            continue
        for group in _all(package.parse(part), "CompositeGraphicUnits"):
            units |= {unit.get("ID", ""): unit for unit in _all(group, "CompositeGraphicUnit")}
    return units
