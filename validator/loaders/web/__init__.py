"""Saved web pages (.html, .mhtml): from source to tree, lines, and the report among them."""
