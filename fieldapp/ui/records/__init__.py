"""기록: drafts and records in one table."""
