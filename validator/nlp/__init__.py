"""Sentences → entities: the spaCy pipeline, built once a process and only when a rule nominates a sentence."""
