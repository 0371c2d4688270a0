"""Everything that can go wrong, each with the exit code the command line ends with."""

from typing import Any


class OxycellError(Exception):
    """Base of every error raised on purpose; `exit_code` is what the command line returns."""

    exit_code = 1


class CaseError(OxycellError):
    """Bad input: an unknown key, a wrong unit, an impossible geometry, a contradiction.

    Attributes
    ----------
    place : tuple or None, path of what it is about in the case, where the message names that otherwise than by its key
    """

    exit_code = 2
    place: tuple[str | int, ...] | None = None


class NotConverged(OxycellError):
    """The solve ended without a converged state, or the ledger does not close."""

    exit_code = 3

    def __init__(self, message: str, solution: Any = None, state: Any = None) -> None:
        super().__init__(message)
        self.solution, self.state = solution, state


class Frozen(NotConverged):
    """The bath freezes: there is no steady state with liquid bath, or the ledge covers the anodes."""


class Refused(NotConverged):
    """A converged state with alerts, which --strict does not let pass."""


class FileError(OxycellError):
    """A file or folder cannot be read or written, or memory ran out."""

    exit_code = 4


class SweepFailed(OxycellError):
    """Cases of a sweep failed or were set aside; all others are in its table."""

    exit_code = 5


class VerificationFailed(OxycellError):
    """A problem with a known answer was answered wrongly."""

    exit_code = 6


class Interrupted(OxycellError):
    """The run was interrupted (SIGINT, SIGTERM); it can be started again."""

    exit_code = 130


def stop_behind(error: BaseException | None) -> BaseException | None:
    """The stop from outside that an exception is or comes from, or None: compiled code hides one that meets it behind a
    SystemError."""
    while error is not None and not isinstance(error, (KeyboardInterrupt, Interrupted)):
        error = error.__cause__ or error.__context__
    return error


def one_line(error: BaseException) -> str:
    """What an error says, in one line."""
    return " ".join(str(error).split())
