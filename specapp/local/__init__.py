"""The embedded default: PostgreSQL, broker, and the one command that starts everything."""
