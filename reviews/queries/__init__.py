"""Reads only; each function says all that its page touches."""
