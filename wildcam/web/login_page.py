"""The page before the app: it loads nothing, so it works while nobody is logged in."""

from html import escape
from urllib.parse import quote

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} · WildCam</title><style>
:root {{ color-scheme: light dark; --back: #fff; --text: #050807; --line: #5d665f; --green: #1f6f43; --red: #a3231c; }}
@media (prefers-color-scheme: dark) {{
  :root {{ --back: #121614; --text: #e7ece8; --line: #8b958e; --green: #2b7d51; --red: #ff9d94; }} }}
body {{ background: var(--back); color: var(--text); font: 1rem/1.5 system-ui, sans-serif; margin: 0; }}
main {{ max-width: 22rem; margin: 12vh auto; padding: 0 1rem; }}
label {{ display: block; margin: 1rem 0 .25rem; }}
input {{ width: 100%; box-sizing: border-box; font: inherit; padding: .5rem; border: 1px solid var(--line);
  border-radius: .5rem; background: transparent; color: inherit; }}
button {{ width: 100%; margin-top: 1.5rem; padding: .6rem; font: inherit; border: 0; border-radius: .5rem;
  background: var(--green); color: #fff; cursor: pointer; }}
:focus-visible {{ outline: 3px solid var(--green); outline-offset: 2px; }}
[role=alert] {{ color: var(--red); }}
</style></head><body><main><h1>{title}</h1>{content}</main></body></html>"""


def login_page(back: str, name: str = "", problem: str = "") -> str:
    """The form; `back`: where to go afterwards, `problem`: why the last try failed."""
    said = f'<p role="alert">{escape(problem)}</p>' if problem else ""
    first = "password" if name else "name"
    focus = {field: " autofocus" if field == first else "" for field in ("name", "password")}
    form = f"""{said}<form method="post" action="login?next={escape(quote(back))}">
<label for="name">Name</label>
<input id="name" name="name" value="{escape(name)}" autocomplete="username" required{focus["name"]}>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required{focus["password"]}>
<button>Log in</button></form><p>No account, or forgotten the password? Ask whoever runs this server.</p>"""
    return _PAGE.format(title="Log in to WildCam", content=form)
