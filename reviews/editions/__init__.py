"""What a release becomes as files: the document, a page that stands alone, data for other tools."""
