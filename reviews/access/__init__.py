"""May this person do it, and what may this person see: list and object checks side by side."""
