"""Django's settings, read from the BEFFROI_* variables of `beffroi.web.variables`."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from beffroi.web.variables import read

WEB = Path(__file__).resolve().parent
MODE = read("BEFFROI_MODE")
PRODUCTION, DEMO, TEST = MODE == "production", MODE == "demo", MODE == "test"
LOCAL_KEY = "only-for-a-machine-that-serves-nobody-else-0123456789abcdef"

SECRET_KEY = read("BEFFROI_SECRET_KEY") or LOCAL_KEY
DEBUG = read("BEFFROI_DEBUG") == "1"
ALLOWED_HOSTS = read("BEFFROI_HOSTS").split(",")
HTTPS = PRODUCTION and read("BEFFROI_HTTPS") == "1"

if MODE not in {"production", "demo", "development", "test"}:
    raise ImproperlyConfigured(f"BEFFROI_MODE={MODE!r}: attendu production, demo, development ou test.")

DATA = Path(read("BEFFROI_DATA")).resolve()
ADDRESS = read("BEFFROI_ADDRESS").rstrip("/")
REGION = read("BEFFROI_REGION")
MAX_UPLOAD_BYTES = int(read("BEFFROI_MAX_UPLOAD_MB")) * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o640


def database(address: str) -> dict[str, object]:
    """The database that an address names; without one, the embedded database of the data folder."""
    if not address:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": DATA / "database" / "beffroi.sqlite3",
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": (
                    "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-65536; PRAGMA mmap_size=268435456;"
                ),
            },
        }
    parts = urlsplit(address)
    if parts.scheme != "postgresql":
        raise ImproperlyConfigured("BEFFROI_DATABASE commence par postgresql:// ou reste vide (base embarquée).")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


DATABASES = {"default": database(read("BEFFROI_DATABASE"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "beffroi.core",
    "beffroi.accounts",
    "beffroi.provenance",
    "beffroi.reference",
    "beffroi.actors",
    "beffroi.indicators",
    "beffroi.funding",
    "beffroi.foresight",
    "beffroi.observatory",
    "beffroi.governance",
    "beffroi.interactions",
    "beffroi.publishing",
    "beffroi.web",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_tasks",
    "django_tasks_db",
    "django_htmx",
    "simple_history",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
]

MIDDLEWARE = [
    "beffroi.web.middleware.security_headers",
    "beffroi.web.middleware.request_log",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "beffroi.web.middleware.export_log",
    "beffroi.web.middleware.upload_limit",
    "beffroi.web.middleware.moment",
]

ROOT_URLCONF = "beffroi.web.urls"
WSGI_APPLICATION = "beffroi.web.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [WEB / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "beffroi.web.context.site",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "beffroi.web.templatetags.beffroi",
                "beffroi.web.templatetags.follow_ups",
            ],
        },
    },
]

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_REDIRECT_URL = LOGOUT_REDIRECT_URL = "home"
LOGIN_URL = "account_login"
CSRF_FAILURE_VIEW = "beffroi.web.errors.stale_form"

ACCOUNT_ADAPTER = "beffroi.web.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_DISPLAY = str
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = "Beffroi · "
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "reset_password": "20/m/ip,5/m/key",
    "reset_password_from_key": "20/m/ip",
    "reauthenticate": "10/m/user",
    "change_password": "5/m/user",
}
ALLAUTH_TRUSTED_PROXY_COUNT = int(read("BEFFROI_PROXIES"))
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Beffroi"
MFA_ALLOW_UNVERIFIED_EMAIL = True  # an administrator gave the address, nobody signs up with it
SOCIALACCOUNT_ADAPTER = "beffroi.web.adapters.SocialAdapter"
SOCIALACCOUNT_STORE_TOKENS = False
OIDC_NAME = read("BEFFROI_OIDC_NAME")


def providers(address: str) -> dict[str, object]:
    """ProConnect or another OpenID Connect provider, when an address is given."""
    if not address:
        return {}
    app = {
        "provider_id": "openid",
        "name": OIDC_NAME,
        "client_id": read("BEFFROI_OIDC_CLIENT"),
        "secret": read("BEFFROI_OIDC_SECRET"),
        "settings": {"server_url": address},
    }
    return {"openid_connect": {"APPS": [app], "OAUTH_PKCE_ENABLED": True, "SCOPE": ["openid", "email"]}}


OIDC_URL = read("BEFFROI_OIDC_URL").rstrip("/")
SOCIALACCOUNT_PROVIDERS = providers(OIDC_URL)
FORM_ORIGINS = ["{0.scheme}://{0.netloc}".format(urlsplit(OIDC_URL))] if OIDC_URL else []

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", _("français")), ("en", _("anglais"))]
LOCALE_PATHS = [WEB / "locale"]
TIME_ZONE = "Europe/Paris"
USE_TZ = True
USE_THOUSAND_SEPARATOR = True

STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
STATICFILES_DIRS = [WEB / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": DATA / "uploads"}},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not PRODUCTION
WHITENOISE_MAX_AGE = 3600

TASKS = {
    "default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend" if TEST else "django_tasks_db.DatabaseBackend"}
}
# The task that writes an accepted load: the site knows the loaders, the data pages only this name
APPLY_TASK = "beffroi.web.loads.apply_load_task"

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SESSION_COOKIE_AGE = 12 * 3600
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",  # counts log-in attempts for both server processes
        "LOCATION": "core_cache",
        "OPTIONS": {"MAX_ENTRIES": 10_000},
    },
}
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "beffroi.web.logs.LineWithoutAddresses",
            "format": "{asctime} {levelname} {name} {message}",
            "style": "{",
        },
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"beffroi": {"level": "INFO"}},
}
SILENCED_SYSTEM_CHECKS = ["models.W042"]


def mail(address: str) -> dict[str, object]:
    if not address:
        return {"EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend", "EMAIL_FILE_PATH": DATA / "mails"}
    parts = urlsplit(address)
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname or "",
        "EMAIL_PORT": parts.port or 25,
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": parts.port == 587,
    }


globals().update(mail(read("BEFFROI_MAIL")))
REPLY_ADDRESS, REPLY_FOLDER = read("BEFFROI_REPLY_ADDRESS").strip().lower(), read("BEFFROI_REPLY_FOLDER")
DEFAULT_FROM_EMAIL = SERVER_EMAIL = read("BEFFROI_MAIL_FROM")
