import sys

from beffroi.web.commands import main

sys.exit(main())
