"""The HTML face: requests in, pages out; no rule lives here."""
