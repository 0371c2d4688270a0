"""`python -m oxycell` is the command `oxycell`."""

import sys

from oxycell.cli import main

if __name__ == "__main__":
    sys.exit(main())
