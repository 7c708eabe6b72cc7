"""Made-up reports in any number, with known defects planted in them, to prove and to time what the validator says."""
