"""Line endings: a browser sends CRLF whatever the document uses."""

from __future__ import annotations


def in_style_of(text: str, model: str) -> str:
    """The text with LF, or with CRLF when every line of the model ends so."""
    plain = text.replace("\r\n", "\n")
    lines = model.count("\n")
    uses_crlf = lines > 0 and model.count("\r\n") == lines
    return plain.replace("\n", "\r\n") if uses_crlf else plain
