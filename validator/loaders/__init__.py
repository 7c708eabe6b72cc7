"""Files → RawDocument. One loader = one module and one row in the table of ``validator.loaders.table``."""
