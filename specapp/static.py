"""Static files in production: named by their content, compressed once."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class NamedByContent(CompressedManifestStaticFilesStorage):
    """Modules import one another by those names too, so that no browser mixes two versions of the program."""

    support_js_module_import_aggregation = True
