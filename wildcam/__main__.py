"""`python -m wildcam`."""

import sys

from wildcam.cli.main import main

sys.exit(main())
