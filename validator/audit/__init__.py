"""Review of batches: many reports → one database, what only shows when they are put side by side, and the outputs.

``run`` fills ``audit.sqlite`` (``store``), file by file; ``who`` says whose report each file is; ``across`` compares
reports; ``read`` gives rows to ``exports`` and ``compare``. Nothing below ``cli`` prints.
"""
