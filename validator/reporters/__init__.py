"""RunResult → bytes. One reporter = one module and one row in ``validator.reporters.table``; it computes nothing."""
