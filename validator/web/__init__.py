"""``fazhi serve``: uploads of people and programs → results, pages and downloads; one process answers, others check."""
