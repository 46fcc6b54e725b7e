"""One file a noun; each view parses, calls one thing below, responds."""
