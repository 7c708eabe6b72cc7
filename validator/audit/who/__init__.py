"""Who is who: path, report and roster → whose report a file is; then who has not submitted, who twice, who late.

``names`` has one spelling for every organ, ``patterns`` reads paths, ``roster`` reads the list of those who must
submit, ``identify`` puts them together, ``standing`` looks at all files at once.
"""
