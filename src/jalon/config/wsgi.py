"""The application a WSGI server runs: `granian --interface wsgi jalon.config.wsgi`."""

from __future__ import annotations

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jalon.config.settings")

SELDOM = (20_000, 50, 100)  # what a page makes and drops; Python's own is 700, 10, 10

application = get_wsgi_application()

# A search for lost cycles through all that pages keep takes 170 ms in the middle of one
# page in a hundred: what is there at the start is left out, the rest seldom searched.
gc.collect()
gc.freeze()
gc.set_threshold(*SELDOM)
