"""Whether a visitor must log in, and how."""

from wildcam.accounts.store import AccountStore
from wildcam.settings import LoginMode, Settings


def login_mode(settings: Settings) -> LoginMode:
    """What `WILDCAM_LOGIN` says; where it says nothing, accounts as soon as there is one."""
    if settings.login is not None:
        return settings.login
    return LoginMode.NONE if AccountStore(settings.home).is_empty() else LoginMode.ACCOUNTS
