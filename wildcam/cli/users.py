"""`users`: who may log in to this server, and what they may do."""

import sys
from typing import Annotated

import typer

from wildcam.accounts.roles import Role
from wildcam.accounts.store import AccountStore
from wildcam.cli.output import AsJson, print_line, print_rows
from wildcam.errors import UsageError
from wildcam.settings import load_settings

app = typer.Typer(help="Accounts of the web app: who may log in, and what they may do.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="The user's name, or the e-mail address that the identity provider knows.")]
FromStdin = Annotated[
    bool, typer.Option("--password-stdin", help="Read the password from standard input instead of asking.")
]


@app.command("add")
def add(
    name: Name,
    role: Annotated[Role, typer.Option(help="What the user may do.")] = Role.VIEWER,
    password_stdin: FromStdin = False,
    no_password: Annotated[
        bool, typer.Option("--no-password", help="The identity provider checks who it is (WILDCAM_LOGIN=oidc).")
    ] = False,
) -> None:
    """Make an account. From the first one on, visitors of the web app must log in."""
    _accounts().add(name, role, None if no_password else _password(from_stdin=password_stdin))
    print_line(f"{name} may log in as {role.display.lower()}.")


@app.command("list")
def show(as_json: AsJson = False) -> None:
    """List the accounts."""
    rows = [
        {"name": own.name, "role": str(own.role), "password": "yes" if own.has_password else "no"}
        for own in _accounts().accounts()
    ]
    print_rows(rows, as_json=as_json, empty="No account yet: nobody has to log in on this machine's own address.")


@app.command("role")
def change_role(name: Name, role: Annotated[Role, typer.Argument(help="What the user may do from now on.")]) -> None:
    """Change what a user may do, at once."""
    _accounts().set_role(name, role)
    print_line(f"{name} is {role.display.lower()}.")


@app.command("password")
def change_password(name: Name, password_stdin: FromStdin = False) -> None:
    """Give a user another password; it ends all sessions of that user."""
    _accounts().set_password(name, _password(from_stdin=password_stdin))
    print_line(f"{name} has another password, and is logged out everywhere.")


@app.command("logout")
def log_out(name: Name) -> None:
    """End all sessions of a user."""
    _accounts().end_sessions(name)
    print_line(f"{name} is logged out everywhere.")


@app.command("remove")
def remove(name: Name) -> None:
    """Remove an account. What the user made stays, under that name."""
    _accounts().remove(name)
    print_line(f"{name} is removed.")


def _accounts() -> AccountStore:
    return AccountStore(load_settings().home)


def _password(*, from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise UsageError("There is no terminal to ask for a password: give it with --password-stdin.")
    return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))
