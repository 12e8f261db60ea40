"""Who looks at the pages: the session of a login, or, without one, the server's own user."""

import streamlit as st

from pages.widgets.markdown import literal
from wildcam.accounts.acting import Actor, actor_name, acts_for, owner
from wildcam.accounts.audit import write_audit
from wildcam.accounts.login_mode import login_mode
from wildcam.accounts.store import AccountStore
from wildcam.data_roots import is_loopback
from wildcam.settings import SESSION_COOKIE, LoginMode, load_settings


def visitor() -> Actor | None:
    """Who acts in this script; None where a login is demanded and nobody is logged in. Asked anew at every act, so that
    a session that was ended, or a role that was changed, counts at once.
    """
    settings = load_settings()
    accounts = AccountStore(settings.home)
    match login_mode(settings):
        case LoginMode.NONE:
            return owner()
        case LoginMode.ACCOUNTS:
            return accounts.actor_of(st.context.cookies.get(SESSION_COOKIE, ""))
        case LoginMode.OIDC:
            return accounts.actor_named(provider_name()) if st.user.get("is_logged_in") else None


def provider_name() -> str:
    """Whom the identity provider vouches for: an e-mail address that it says is verified, else its own name for the
    person. An address alone may be one that the person typed.
    """
    address = st.user.get("email") if st.user.get("email_verified") is True else None
    return str(address or st.user.get("sub") or "")


def is_let_in() -> bool:
    """Whether the page may be drawn; if not, a way to log in is. To be called before anything else is shown."""
    acts_for(visitor, write_audit)
    if visitor() is not None:
        return True
    if login_mode(load_settings()) is LoginMode.OIDC:
        _draw_provider()
    else:
        st.info("You are logged out.", icon=":material/lock:")
        st.link_button("Log in", "login", type="primary")  # the server's own page, outside this script
    return False


def _draw_provider() -> None:
    if not st.user.get("is_logged_in"):
        st.title("WildCam")
        st.button("Log in", type="primary", icon=":material/login:", on_click=st.login)
        return
    name = literal(provider_name())
    st.error(f"{name} has no account here. An admin makes one: `wildcam users add NAME --no-password`.")
    st.button("Log out", icon=":material/logout:", on_click=st.logout)


def draw_visitor() -> None:
    """At the foot of the sidebar: who is logged in, or that nobody has to be although others can reach the server."""
    mode = login_mode(load_settings())
    if mode is LoginMode.NONE:
        host = st.get_option("server.address")
        if not is_loopback(host):
            where = literal(host) if host else "this machine"
            st.warning(f"No login: everybody who reaches {where} can do everything here.", icon=":material/lock_open:")
        return
    now = visitor()
    if now is None:
        return
    st.caption(f":material/person: {literal(now.name)}, {now.role.display.lower()}")
    if mode is LoginMode.OIDC:
        st.button("Log out", icon=":material/logout:", on_click=st.logout, type="tertiary")
    else:
        st.button("Log out", icon=":material/logout:", on_click=_end_session, type="tertiary")


def _end_session() -> None:
    now = actor_name()
    AccountStore(load_settings().home).log_out(st.context.cookies.get(SESSION_COOKIE, ""))
    write_audit(now, "log_out", "", True)
