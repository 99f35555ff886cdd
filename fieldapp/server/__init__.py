"""The app server: FastAPI on PostgreSQL, stateless; any number of processes share one database."""
