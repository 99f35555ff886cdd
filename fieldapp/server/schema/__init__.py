"""The database's tables as numbered files: forward only, each run once by `migrations.migrate`."""
