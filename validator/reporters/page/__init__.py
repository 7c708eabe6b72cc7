"""A run as one HTML page that needs nothing else: the checklist, and the report beside it with every place marked.

``render`` makes the page and opens it again, ``view`` says in words what stands on it, ``voice`` has these words in
Chinese and ``english`` in English, ``quoting`` marks what stays in Chinese, ``marks`` finds the places of findings in
the text, ``text`` cuts the text into paragraphs with highlights, ``safe`` keeps hostile words from becoming markup.
Templates, style and script lie beside. A server shows the same page with ``Served``.
"""

from validator.reporters.page.render import Served, read_page, read_script, read_style, render_page

__all__ = ["Served", "read_page", "read_script", "read_style", "render_page"]
