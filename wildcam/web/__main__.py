"""`python -m wildcam.web`: the server process that `wildcam serve` starts."""

from wildcam.web.app import run

if __name__ == "__main__":
    run()
