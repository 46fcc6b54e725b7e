"""Static files in production: named by their content, compressed once."""

from whitenoise.storage import CompressedManifestStaticFilesStorage

IMPORTS = (
    (r"""(?P<matched>import (?P<names>\{[^}]*\}) from "(?P<url>\./[^"]+)";)""", """import %(names)s from "%(url)s";"""),
    (r"""(?P<matched>import "(?P<url>\./[^"]+)";)""", """import "%(url)s";"""),
)


class NamedByContent(CompressedManifestStaticFilesStorage):
    """Our modules import one another by those names too, so that no browser mixes two versions of the program.

    Django's own switch for it reads every package's scripts, and stops at one that imports what it does not ship.
    """

    patterns = (*CompressedManifestStaticFilesStorage.patterns, ("js/*.js", IMPORTS))
