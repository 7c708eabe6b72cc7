"""Formats that are pages with words on them: PDF, OFD and scans, with one layout reader."""
