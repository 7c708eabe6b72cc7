"""The kind of rule that wants a section which a bureau names itself."""

from __future__ import annotations

from typing import Literal

from validator.kinds.base import Data, Patterns, SomePatterns


class SectionCheck(Data):
    """The report has a section of some name, with text under it.

    ``headings`` name the section, unless one of ``not_headings`` matches; one of ``content`` must stand under the
    heading (without ``content``, any text).

    Passes: such a heading with text under it. Review: such a heading, but under it none of ``content``. Fails: no
    such heading, or nothing under it.

    Example::

        kind: section
        headings: ['优化[^，。]{0,6}营商环境']
        not_headings: ['下一步']
        content: ['企业|审批']
    """

    kind: Literal["section"]
    headings: SomePatterns
    not_headings: Patterns = ()
    content: Patterns = ()
