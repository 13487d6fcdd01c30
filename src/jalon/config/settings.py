"""Django's settings: one file, the environment and the workspace's `jalon.toml`.

Environment: JALON_WORKSPACE, DATABASE_URL, JALON_SECRET_KEY, JALON_HOSTS (host names,
comma between), JALON_ORIGINS (e.g. https://jalon.example.com, behind a proxy),
JALON_HTTPS=1 (cookies over TLS only), JALON_DEBUG=1, JALON_TODAY (pages as of a day),
JALON_MAIL (smtp://user:password@host:587, else mails are files of the workspace),
JALON_MAIL_FROM, JALON_OIDC_… (the company's own log-in: `domain.people.sign_on`).
"""

from __future__ import annotations

import os
from pathlib import Path

from csp.constants import NONE, SELF

from jalon.config.database import database
from jalon.config.mail import mail
from jalon.config.secret import secret_key
from jalon.domain.people.sign_on import sign_on_of
from jalon.workspace.folder import current

WORKSPACE = current()
SOURCES = Path(__file__).parent.parent
WEB = SOURCES / "web"

SECRET_KEY = os.environ.get("JALON_SECRET_KEY") or secret_key(WORKSPACE.folder)
DEBUG = os.environ.get("JALON_DEBUG", "") == "1"
ALLOWED_HOSTS = os.environ.get("JALON_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [
    origin for origin in os.environ.get("JALON_ORIGINS", "").split(",") if origin
]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "csp",
    "jalon.records",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "jalon.web.language.LanguageMiddleware",
    "jalon.api.door.ApiMiddleware",
    "jalon.web.session.seen.SeenMiddleware",
    "jalon.web.errors.refused.RefusalMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "jalon.config.urls"
WSGI_APPLICATION = "jalon.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [WEB],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "jalon.web.page.chrome",
            ],
            "libraries": {
                "actions": "jalon.web.actions.tags",
                "alerts": "jalon.web.alerts.words",
                "assess": "jalon.web.assess.tags",
                "balance": "jalon.web.balance.tags",
                "assets": "jalon.web.components.assets",
                "authors": "jalon.web.components.authors",
                "boards": "jalon.web.components.boards",
                "charts": "jalon.web.components.charts",
                "diagrams": "jalon.web.diagram.tags",
                "menus": "jalon.web.components.menus",
                "models": "jalon.web.models.tags",
                "figures": "jalon.web.components.figures",
                "retarget": "jalon.web.retarget.tags",
                "track_record": "jalon.web.track_record.words",
                "pay": "jalon.web.pay.words",
                "pay_retarget": "jalon.web.pay.retargeting",
                "planning": "jalon.web.planning.words",
                "learnings": "jalon.web.learnings.words",
                "moments": "jalon.web.components.moments",
                "journal": "jalon.web.journal.words",
                "imports": "jalon.web.upload.words",
                "sources": "jalon.web.sources.words",
                "surveys": "jalon.web.surveys.words",
                "territories": "jalon.web.territories.words",
                "wizard": "jalon.web.wizard.words",
                "words_of_recognition": "jalon.web.recognition.words",
            },
            "builtins": ["django.templatetags.i18n"],
        },
    }
]

DATABASES = {
    "default": database(os.environ.get("DATABASE_URL", ""), file=WORKSPACE.database)
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "jalon_cache",
    }
}

AUTH_USER_MODEL = "records.User"
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "my_objectives"
LOGOUT_REDIRECT_URL = "login"

SIGN_ON = sign_on_of(os.environ)

PASSWORDS = "django.contrib.auth.password_validation."
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": PASSWORDS + "MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": PASSWORDS + "CommonPasswordValidator"},
    {"NAME": PASSWORDS + "UserAttributeSimilarityValidator"},
    {"NAME": PASSWORDS + "NumericPasswordValidator"},
]
PASSWORD_RESET_TIMEOUT = 60 * 60 * 4

MAIL_FILE_PATH = WORKSPACE.folder / "mails"
globals().update(mail(os.environ.get("JALON_MAIL", ""), folder=MAIL_FILE_PATH))
DEFAULT_FROM_EMAIL = os.environ.get("JALON_MAIL_FROM", "jalon@localhost")

LOGGING = {  # what broke goes to standard error, so that whoever serves can read it
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "loggers": {
        "django": {"handlers": ["stderr"], "level": "ERROR", "propagate": True},
        "jalon": {"handlers": ["stderr"], "level": "WARNING", "propagate": True},
    },
}

USE_TZ = True
TIME_ZONE = WORKSPACE.settings.timezone
USE_I18N = True
LANGUAGE_CODE = WORKSPACE.settings.language
LANGUAGES = [("fr", "Français"), ("en", "English")]
LOCALE_PATHS = [SOURCES / "locale"]

MESSAGE_TAGS = {20: "", 25: "ok", 30: "watch", 40: "risk"}  # classes of .note

STATIC_URL = "/static/"
STATICFILES_DIRS = [WEB / "static"]
WHITENOISE_USE_FINDERS = True  # no build step: files come from where they are written
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_MAX_AGE = 0 if DEBUG else 31_536_000
WHITENOISE_IMMUTABLE_FILE_TEST = "$^" if DEBUG else "."  # addresses carry a digest

# Files arrive on disk, within the limits of `usecases.upload`, and are read by a
# process of their own; IMPORTS_HERE has the page itself read them (tests).
FILE_UPLOAD_HANDLERS = ["jalon.web.upload.handler.LimitedUpload"]
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # the form that checks many columns
IMPORTS_HERE = False

HTTPS = os.environ.get("JALON_HTTPS", "") == "1"
SESSION_COOKIE_NAME = "jalon_session"
SESSION_COOKIE_AGE = 60 * 60 * 12
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "jalon_csrf"
CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_NAME = "jalon_language"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_REFERRER_POLICY = "same-origin"
# The other names of the company's domain are not ours to bind, nor to list in browsers.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
X_FRAME_OPTIONS = "DENY"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
