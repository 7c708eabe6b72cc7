"""A run as one HTML page that needs nothing else: the checklist, and the report beside it with every place marked.

``render`` makes the page and opens it again, ``view`` says in words what stands on it, ``marks`` finds the places of
findings in the text, ``text`` cuts the text into paragraphs with highlights, ``safe`` keeps hostile words from
becoming markup. Templates, style and script lie beside.
"""

from validator.reporters.page.render import read_page, render_page

__all__ = ["read_page", "render_page"]
