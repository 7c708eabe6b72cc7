"""The language server: what editors show of a report or a rule file while it is written.

Only ``validator.editor.server`` and what it uses need the extra ``lsp``; nothing else imports this package but the
command ``fazhi lsp``, inside the function that starts the server.
"""
