#!/bin/sh
# nginx and Caddy for the tests of docs/howto/proxy, which are skipped where they are missing.
command -v nginx >/dev/null 2>&1 && command -v caddy >/dev/null 2>&1 && exit 0
if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
    echo "Installing Debian's nginx-light and caddy for the tests of the proxies …"
    apt-get update -qq && apt-get install -y -qq --no-install-recommends nginx-light caddy >/dev/null && exit 0
fi
echo "nginx or Caddy is missing: the tests of that proxy will be skipped." >&2
