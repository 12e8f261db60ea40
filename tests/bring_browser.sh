#!/bin/sh
# A browser for the browser tests: an installed Chromium, else Debian's package, else Playwright's own.
for name in chromium chromium-browser google-chrome; do
    command -v "$name" >/dev/null 2>&1 && exit 0
done
if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
    echo "Installing Debian's chromium for the browser tests …"
    apt-get update -qq && apt-get install -y -qq chromium >/dev/null && exit 0
fi
echo "Fetching Playwright's Chromium for the browser tests …"
.venv/bin/playwright install chromium && exit 0
echo "No browser could be found or fetched: the browser tests will fail. Install chromium and try again." >&2
