"""Rows of an audit → files that people and programs open."""
