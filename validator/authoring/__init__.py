"""Tools for those who write rules: schemas for editors, new rules from questions, lint, and what a change changes."""
