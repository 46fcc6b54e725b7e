"""Shapes of what comes in and what goes out, apart from each other; every field is named."""
