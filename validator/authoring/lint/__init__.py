"""``fazhi rules lint``: what is wrong or doubtful in rules that load: examples, patterns, overlaps, dead terms."""
