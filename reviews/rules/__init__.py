"""Enums and tables only: no Django, no database, no clock."""
