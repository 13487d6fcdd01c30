"""The application a WSGI server runs: `granian --interface wsgi jalon.config.wsgi`."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jalon.config.settings")

application = get_wsgi_application()
