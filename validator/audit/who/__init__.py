"""Who is who: path, report and roster → whose report a file is; then who has not submitted, who twice, who late.

``names`` has one spelling for every organ; ``patterns`` and ``stems`` read paths and names of files; ``roster`` reads
who must submit, from the rows of ``sheets``; ``identify`` puts them together, with ``places`` for paths that the roster
names; ``towns`` (one name in several regions), ``attachments`` and ``standing`` look at all files at once.
"""
