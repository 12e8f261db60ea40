"""What can go wrong, as one tree.

WildcamError
├── UsageError        the request itself is wrong: unknown name, field or option
├── DataError         a source, catalog or split cannot be used
│   ├── ImageError    one file cannot be read as an image
│   └── DamagedFile   one file of the home is cut off, emptied or overwritten
├── RunError          a run cannot be created, started, stopped or resumed
├── BundleError       a model bundle is incomplete, altered or does not fit
├── DiskError         a disk is full, or must not be written
├── AccountError      an account, password or session is not as it should be
├── QuotaExceeded     whoever asks has used what one person may use
└── PermissionDenied  whoever asks may not do this

A message says what was received, what was expected and what to do next, in one sentence or two;
pages and the command line show it as it is.
"""

from pydantic import ValidationError


class WildcamError(Exception):
    """Base of every error that a user is meant to read."""


class UsageError(WildcamError):
    """The request names something that does not exist or contradicts itself."""

    @classmethod
    def of(cls, error: ValidationError) -> "UsageError":
        """What a model of pydantic's first says against the request."""
        first = error.errors()[0]
        rule = str(first["msg"]).removeprefix("Value error, ").replace("Input should be", "expected")
        where = ".".join(map(str, first["loc"]))
        return cls(f"{where} = {first['input']!r}: {rule}." if where else f"{rule[0].upper()}{rule[1:]}.")


class DataError(WildcamError):
    """A data set's source, catalog or split cannot be used."""


class ImageError(DataError):
    """One file cannot be read as an image."""


class DamagedFile(DataError):
    """A file of the home cannot be read: cut off, emptied or overwritten."""


class RunError(WildcamError):
    """A run cannot be created, started, stopped, resumed or deleted."""


class BundleError(WildcamError):
    """A model bundle is incomplete, altered, or does not fit its use."""


class DiskError(WildcamError):
    """A disk is full, or must not be written."""


class AccountError(WildcamError):
    """An account cannot be made or changed, or a log-in fails."""


class QuotaExceeded(WildcamError):
    """Who asks has used as much of the server as one person may."""


class PermissionDenied(WildcamError):
    """Who asks may not do this."""


def one_of(what: str, received: str, known: list[str] | tuple[str, ...]) -> UsageError:
    """The error for a name that a table does not hold: it lists the names that it does."""
    return UsageError(f"Unknown {what} {received!r}. Known: {', '.join(map(str, known)) or 'none yet'}.")
