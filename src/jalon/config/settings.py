"""Django's settings: one file, the environment and the workspace's `jalon.toml`."""

from __future__ import annotations

import os

from jalon.config.database import database
from jalon.config.secret import secret_key
from jalon.workspace.folder import current

WORKSPACE = current()

SECRET_KEY = os.environ.get("JALON_SECRET_KEY") or secret_key(WORKSPACE.folder)
DEBUG = os.environ.get("JALON_DEBUG", "") == "1"
ALLOWED_HOSTS = os.environ.get("JALON_HOSTS", "localhost,127.0.0.1,[::1]").split(",")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "jalon.records",
]

DATABASES = {
    "default": database(os.environ.get("DATABASE_URL", ""), file=WORKSPACE.database)
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "records.User"

USE_TZ = True
TIME_ZONE = WORKSPACE.settings.timezone
USE_I18N = True
LANGUAGE_CODE = WORKSPACE.settings.language
LANGUAGES = [("fr", "Français"), ("en", "English")]
