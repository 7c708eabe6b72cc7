"""What only shows when reports are put side by side: words that several share, and last year's beside this one's.

Copies: ``plain`` takes the words that everyone writes out of a report, ``sketches`` makes each sentence a row of keys
(in the process that reads the report), ``candidates`` finds by these keys which reports can share text, ``align`` finds
what two of them do share, and ``copies`` runs all this for an audit.
"""
