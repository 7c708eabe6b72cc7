"""Word files in the dress of official letters: letters of an audit, and lists of what is to be corrected."""

from validator.letter.letter import (
    Cell,
    Letter,
    Words,
    build_template,
    clean,
    open_letter,
    shorten,
)

__all__ = ["Cell", "Letter", "Words", "build_template", "clean", "open_letter", "shorten"]
