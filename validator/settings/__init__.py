"""Configuration files → the settings of a run and of each file, each with where it is written."""
