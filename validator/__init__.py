"""Check 法治政府建设年度报告 (annual reports on building a law-based government) against dated rules."""

__version__ = "0.1.0"
