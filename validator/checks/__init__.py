"""Rule kinds: one module each, a function from (rule, context) to a verdict. See ``validator.checks.table``."""
