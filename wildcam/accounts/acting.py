"""Who asks: checked where an act happens, whatever button, address or command led there.

In a worker, in a script and on a machine of one's own it is whoever started the process, who may do everything. The web
app says who it is instead (`pages.widgets.visitor`), and it and the command line keep an audit log.
"""

import getpass
from collections.abc import Callable
from dataclasses import dataclass

from wildcam.accounts.roles import LEAST_ROLE, Act, Role
from wildcam.errors import PermissionDenied


@dataclass(frozen=True)
class Actor:
    """Somebody who asks for something."""

    name: str
    role: Role

    def may(self, act: Act) -> bool:
        """Whether the role is enough."""
        return self.role.includes(LEAST_ROLE[act])


def owner() -> Actor:
    """Who started this process: the server's own user may do everything."""
    try:
        return Actor(getpass.getuser(), Role.ADMIN)
    except (KeyError, OSError):  # a user without an entry of the system, as in some containers
        return Actor("owner", Role.ADMIN)


Find = Callable[[], Actor | None]
Record = Callable[[str, str, str, bool], None]
"""User, act, what it is about, whether it was allowed."""


def _nowhere(user: str, act: str, what: str, allowed: bool) -> None:
    """Scripts and workers keep no log of their own."""


_find: Find = owner
_record: Record = _nowhere


def acts_for(find: Find = owner, record: Record = _nowhere) -> None:
    """From now on `find` says who acts in this process (None is nobody, who may do nothing), and `record` keeps it."""
    global _find, _record
    _find, _record = find, record


def actor() -> Actor | None:
    """Who acts now; None where a login is demanded and nobody is logged in."""
    return _find()


def actor_name() -> str:
    """The name of who acts now, "" for nobody."""
    now = actor()
    return now.name if now else ""


def record_done(act: Act, what: str) -> None:
    """Record that an act which was permitted before came to its end, where its end is asked for later."""
    _record(actor_name(), f"{act}_done", what, True)


def permit(act: Act, what: str = "", *, made_by: str = "") -> None:
    """Ask before an act; it is recorded with `what` it is about, also where it fails afterwards.

    `made_by`: who made it; what people made they may also stop, rename and delete. Raises `PermissionDenied`.
    """
    now = actor()
    is_own = now is not None and now.name == made_by and now.role is not Role.VIEWER
    allowed = now is not None and (now.may(act) or is_own)
    _record(now.name if now else "", act, what, allowed)
    if now is None:
        raise PermissionDenied("Nobody is logged in here: log in, then try again.")
    if not allowed:
        raise PermissionDenied(
            f"You may not {act.display}: {now.name} is {now.role.display.lower()}, and it takes "
            f"{LEAST_ROLE[act].display.lower()}. Ask an admin."
        )
