"""Reports against each other."""
