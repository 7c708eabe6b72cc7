"""The reference site: pages made from the rules, the settings and the result when mkdocs builds ``docs/``."""
