"""`python -m neckguard`."""

import sys

from neckguard.cli.main import main

sys.exit(main())
