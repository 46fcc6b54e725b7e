"""The api face."""
