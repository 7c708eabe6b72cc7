"""An audit as one HTML page that needs nothing else, and a page for each report that it leads to.

``tally`` counts in one pass, ``lists`` takes the first of what may be many, ``charts`` turns numbers into lengths,
``view`` says in words what stands on the page, ``rows`` packs the files for the script that sorts and filters them,
``pages`` writes the page of one report, ``write`` puts all of it into a folder. Templates, style and script lie beside.
"""

from validator.audit.exports.dashboard.pages import write_page
from validator.audit.exports.dashboard.write import Pages, Written, write_dashboard

__all__ = ["Pages", "Written", "write_dashboard", "write_page"]
