"""Makes the pictures of neckguard at work, on real desktops that nobody sits at.

.venv/bin/python -m tests.pictures                    # all of them, into .github/pictures
.venv/bin/python -m tests.pictures dunst -o FOLDER    # of one desktop, into another folder
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from pictures.album import main

sys.exit(main())
