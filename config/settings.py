"""Every setting of Tact, in one file, read from the environment only (``.env.example`` lists the variables).

``TACT_ENV`` says what this is: ``demo`` (the default: ``make run``, with or without a database of one's own),
``production`` (nothing is guessed: what is missing is an error), ``test`` (chosen by pytest). Outside production,
where ``DATABASE_URL`` is not set, the bundled PostgreSQL is used and started on the first connection.
"""

import sys
from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from config import places
from config.env import Environment, postgres_from_url
from config.interface import REST_FRAMEWORK, SPECTACULAR_SETTINGS  # noqa: F401  (read by their libraries)
from config.logs import logging_settings
from config.proconnect import proconnect_from
from config.schedule import SCHEDULE
from config.static_headers import add_headers

env = Environment()
BASE_DIR = places.BASE_DIR
VAR = places.var()

TACT_ENV = env.choice("TACT_ENV", ("demo", "production", "test"), "test" if "pytest" in sys.modules else "demo")
PRODUCTION = TACT_ENV == "production"
DEMO = TACT_ENV == "demo"

DEBUG = env.flag("TACT_DEBUG")
if DEBUG and not DEMO:
    raise ImproperlyConfigured(
        f"TACT_DEBUG shows secrets and personal data to any visitor: it cannot be set in {TACT_ENV}."
    )

# Keys of before, still good for reading: sessions, and the link from a consultation to its case.
SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS", ())
SECRET_KEY = env.text("SECRET_KEY") if PRODUCTION else env.text("SECRET_KEY", "") or places.secret("django")
if PRODUCTION and len(SECRET_KEY) < 50:
    raise ImproperlyConfigured("SECRET_KEY is too short: write at least 50 random characters.")

# Doors
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", None if PRODUCTION else ("127.0.0.1", "localhost", "[::1]", "testserver"))
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS", ())
# Where links in mail point to: mail is written by the worker, which has no request to read it from.
SITE_URL = env.text(
    "SITE_URL", None if PRODUCTION else f"http://127.0.0.1:{env.integer('PORT', 8000, least=1, most=65535)}"
)
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
LOGIN_URL = "/connexion/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/connexion/"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "guardian",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "django_htmx",
    "csp",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "audit",
    "partners",
    "cases",
    "consent",
    "sharing",
    "config",
]

MIDDLEWARE = [
    "config.middleware.RequestLineMiddleware",
    "config.middleware.OutcomeMiddleware",
    "config.middleware.ProgramsInClearMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "config.middleware.PrivatePagesMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "partners.middleware.ActingMembershipMiddleware",
    "partners.accounts.factor_middleware.SecondFactorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    *(["config.demo_accounts.LandingMiddleware"] if DEMO else []),
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.context.house",
                "partners.context.frame",
                "cases.context.frame",
                "config.demo_bar.context",
            ],
        },
    },
]

# The law as data. The core reads the same variable for itself, once: it may not ask the settings (ADR 0012).
RULEBOOK = Path(env.text("TACT_RULEBOOK", str(BASE_DIR / "rulebook"))).resolve()
if not RULEBOOK.is_dir():
    raise ImproperlyConfigured(f"TACT_RULEBOOK names {RULEBOOK}, which is no folder.")

# More different communications than this, opened in one day by one membership: the DPO is told, nothing is blocked (abuse 43).
OPENINGS_A_DAY = env.integer("TACT_OPENINGS_A_DAY", 40, least=1, most=100_000)
# More different things than this, refused in one day to one membership: the same is told (abuse 30).
REFUSALS_A_DAY = env.integer("TACT_REFUSALS_A_DAY", 20, least=1, most=100_000)

# People
AUTH_USER_MODEL = "partners.Professional"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "guardian.backends.ObjectPermissionBackend",
]
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_ADAPTER = "partners.accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "partners.accounts.forms.SignInForm",
    "change_password": "partners.accounts.forms.ChangePasswordForm",
    "reset_password": "partners.accounts.forms.AskResetForm",
    "reset_password_from_key": "partners.accounts.forms.NewPasswordForm",
}
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105
PASSWORD_RESET_TIMEOUT = 3600
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # nobody is written to because a stranger typed her address
# The house has its own delays, which never lock anybody out (partners/accounts/waiting.py).
ACCOUNT_RATE_LIMITS = {
    "login": None,
    "change_password": None,
    "reset_password": None,
    "reset_password_from_key": None,
}
ACCOUNT_SESSION_REMEMBER = False  # closing the browser ends the session
ACCOUNT_EMAIL_VERIFICATION = "none"  # an account is made by an invitation, which its address received

# A second factor is required of partners and of five functions, and offered to all (docs/adr/0036-second-factor.md).
SECOND_FACTOR = env.choice("TACT_SECOND_FACTOR", ("required", "offered"), "required" if PRODUCTION else "offered")
if PRODUCTION and SECOND_FACTOR != "required":
    raise ImproperlyConfigured("TACT_SECOND_FACTOR: in production a second factor is required, and nothing else.")
MFA_ADAPTER = "partners.accounts.mfa_adapter.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1  # steps of thirty seconds, early or late; a code serves once all the same
MFA_RECOVERY_CODE_DIGITS = 12
MFA_RECOVERY_CODES_SHOW_ONCE = True

# Entering by ProConnect: off unless it is configured (docs/proconnect.md). No token is kept, nobody is found by an address.
PROCONNECT = proconnect_from(env, production=PRODUCTION)
SOCIALACCOUNT_ADAPTER = "partners.accounts.proconnect.provider.SocialAdapter"
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_REQUESTS_TIMEOUT = 5

ANONYMOUS_USER_NAME = None
GUARDIAN_MONKEY_PATCH_USER = False
GUARDIAN_MONKEY_PATCH_GROUP = False
PASSWORD_HASHERS = (
    ["django.contrib.auth.hashers.MD5PasswordHasher"]
    if TACT_ENV == "test"
    else ["django.contrib.auth.hashers.ScryptPasswordHasher", "django.contrib.auth.hashers.PBKDF2PasswordHasher"]
)
# At least twelve characters, neither common nor one's own name; no composition is forced, nothing expires.
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "partners.accounts.passwords.LongEnough"},
    {"NAME": "partners.accounts.passwords.NotHerself"},
    {"NAME": "partners.accounts.passwords.NotCommon"},
    {"NAME": "partners.accounts.passwords.NotRegular"},
]

# By one token: calls a minute, and the most that a day may be asked for (abuse 43).
API_CALLS_A_MINUTE = env.integer("TACT_API_CALLS_A_MINUTE", 60, least=1, most=100_000)
API_CALLS_A_DAY = env.integer("TACT_API_CALLS_A_DAY", 2_000, least=1, most=10_000_000)

# PostgreSQL. The application's role never owns anything; migrations run as another one (manage.py chooses it).
DATABASE_URL = env.text("DATABASE_URL", None if PRODUCTION else "")
DATABASE_OTHER_URLS = {
    "migrator": env.text("DATABASE_MIGRATOR_URL", ""),
    "sealer": env.text("DATABASE_SEALER_URL", ""),
    "erasure": env.text("DATABASE_ERASURE_URL", ""),
}
# A hot standby, for long reading commands alone: manage.py says which, and nothing else ever reads it (ADR 0043).
DATABASE_STANDBY_URL = env.text("DATABASE_STANDBY_URL", "")
DATABASE_SERVER = env.choice("TACT_DATABASE_SERVER", ("primary", "standby"), "primary")
STANDBY_SECONDS = env.integer("TACT_STANDBY_SECONDS", 60, least=1, most=3600)
DATABASE_ROLE = env.choice("TACT_DATABASE_ROLE", ("app", *DATABASE_OTHER_URLS), "app")
EMBEDDED_DATABASE = not DATABASE_URL
if EMBEDDED_DATABASE:
    database: dict[str, object] = {
        "NAME": "tact",
        "USER": f"tact_{DATABASE_ROLE}",
        "PASSWORD": places.secret(DATABASE_ROLE),
        "HOST": str(places.home().sockets),
        "PORT": "5432",
    }
else:
    # All are read, whichever is used: a mistake in one is said before anything is done.
    database = postgres_from_url("DATABASE_URL", DATABASE_URL)
    for role, url in DATABASE_OTHER_URLS.items():
        if url:
            other = postgres_from_url(f"DATABASE_{role.upper()}_URL", url)
            database = other if role == DATABASE_ROLE else database
PRIMARY_DATABASE = dict(database)
READS_STANDBY = bool(DATABASE_STANDBY_URL) and DATABASE_SERVER == "standby"
if DATABASE_STANDBY_URL:
    standby = postgres_from_url("DATABASE_STANDBY_URL", DATABASE_STANDBY_URL)
    if READS_STANDBY:  # whoever the command is there, it is here: roles and passwords are copied with the rest
        database = {**standby, **{key: database[key] for key in ("USER", "PASSWORD")}}
DATABASES = {
    "default": {
        "ENGINE": "config.postgres",
        "CONN_MAX_AGE": 0 if TACT_ENV == "test" else 600,  # SCRAM costs 5.5 ms a connection.
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": False,
        "TEST": {"TEMPLATE": "tact_template"},  # made with the roles: it holds the default privileges
        **database,
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"  # our own models all have uuid keys

# Cache and sessions stand in PostgreSQL: with Redis down, every core path works.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "tact_cache"}}
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 30 * 60
SESSION_SAVE_EVERY_REQUEST = True  # thirty minutes of idleness, not of work
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# The key that signs receipts stands outside the database, readable by the application alone.
RECEIPT_KEY = Path(env.text("TACT_RECEIPT_KEY", None if PRODUCTION else str(VAR / "keys" / "receipt.pem")))
# The key that signs the trail's heads: read by the sealer alone.
SEAL_KEY = Path(env.text("TACT_SEAL_KEY", "") or VAR / "keys" / "seal.pem")
# The trail's public name, which its heads and its keys carry for good.
TRAIL_ORIGIN = env.text("TACT_TRAIL_ORIGIN", "") or f"{urlsplit(SITE_URL).hostname}/journal"
# Addresses outside the house that are sent the trail's head each day, beside its DPOs and auditors.
HEAD_MAIL_TO = env.words("TACT_HEAD_MAIL_TO", ())
# Months that the technical access log is kept (CNIL, délibération 2021-122: six months to a year).
ACCESS_LOG_MONTHS = env.integer("TACT_ACCESS_LOG_MONTHS", 12, least=6, most=36)

# Celery: the broker is Redis and nothing else is. No result is kept; a task repeated has no further effect.
REDIS_URL = env.text("REDIS_URL", None if PRODUCTION else "")
if not REDIS_URL:
    REDIS_URL = f"unix://{places.home().sockets}/redis.sock"
# Celery has its own way of writing a Redis reached through a socket.
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://").replace("?db=", "?virtual_host=")
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_timeout": 5,
    "socket_connect_timeout": 1,
    "max_retries": 0,
    "visibility_timeout": 300,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_RESULT_BACKEND = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_TIME_LIMIT = 120
CELERY_TIMEZONE = "Europe/Paris"
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR / "beat-schedule")
CELERY_BEAT_SCHEDULE = SCHEDULE

# Mail: files that a page of the demonstration lists, a real server in production.
EMAIL_FILE_PATH = str(VAR / "mail")
if PRODUCTION:
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST = env.text("EMAIL_HOST")
    EMAIL_PORT = env.integer("EMAIL_PORT", 587, least=1, most=65535)
    EMAIL_HOST_USER = env.text("EMAIL_HOST_USER", "")
    EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD", "")
    EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS", True)
    EMAIL_TIMEOUT = 10
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", None if PRODUCTION else "Tact <ne-pas-repondre@tact.example>")

# Language and time
LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "français"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/Paris"
USE_I18N = True
USE_TZ = True
FORMAT_MODULE_PATH: list[str] = []

# Static files
STATIC_URL = "static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS: list[Path] = [BASE_DIR / "static"]
# Ours alone: libraries bring the scripts of pages that nobody here opens.
STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TACT_ENV == "test"
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG or TACT_ENV == "test"
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_ADD_HEADERS_FUNCTION = add_headers
MEDIA_ROOT = VAR / "media"

# Keeping the house running (docs/operations.md). In production what outlives the database is given a place by name.
BACKUPS = Path(env.text("TACT_BACKUPS", "") or VAR / "backups")
BACKUP_RECIPIENTS = env.text("TACT_BACKUP_RECIPIENTS", "")
KEY_RECIPIENTS = env.text("TACT_KEY_RECIPIENTS", "") or BACKUP_RECIPIENTS
BACKUP_DAYS = env.integer("TACT_BACKUP_DAYS", 30, least=1, most=3650)
SHRED_LIST = env.text("TACT_SHRED_LIST", "" if PRODUCTION else str(VAR / "shredded" / "list.jsonl"))
# Without a token there are no metrics: the door answers 404.
METRICS_TOKEN = env.text("TACT_METRICS_TOKEN", "")
# How long a page waits for one statement, and for a row that somebody else holds, in seconds (config.postgres.patience).
STATEMENT_SECONDS = env.integer("TACT_STATEMENT_SECONDS", 30, least=1, most=600)
LOCK_SECONDS = env.integer("TACT_LOCK_SECONDS", 10, least=1, most=600)

# What a public service says of itself (config/public); « à confirmer » where nobody says it.
PUBLISHED = {
    "publisher": env.text("TACT_PUBLISHER", ""),
    "publisher_address": env.text("TACT_PUBLISHER_ADDRESS", ""),
    "publisher_contact": env.text("TACT_PUBLISHER_CONTACT", ""),
    "director": env.text("TACT_PUBLICATION_DIRECTOR", ""),
    "host": env.text("TACT_HOST", ""),
    "host_address": env.text("TACT_HOST_ADDRESS", ""),
    "host_contact": env.text("TACT_HOST_CONTACT", ""),
    "host_health": env.text("TACT_HOST_HEALTH", ""),
    "accessibility_contact": env.text("TACT_ACCESSIBILITY_CONTACT", ""),
}
# Whom to tell of a flaw (RFC 9116): an address to write to, or a page.
SECURITY_CONTACT = env.text("TACT_SECURITY_CONTACT", "" if PRODUCTION else "mailto:securite@tact.example")
if SECURITY_CONTACT and not SECURITY_CONTACT.startswith(("mailto:", "https://", "tel:")):
    raise ImproperlyConfigured("TACT_SECURITY_CONTACT is no address: write mailto:…, https://… or tel:…")
# The declared state of accessibility: without an audit there is but one.
ACCESSIBILITY = env.choice("TACT_ACCESSIBILITY", ("non", "partielle", "totale"), "non")
ACCESSIBILITY_AUDIT = env.text("TACT_ACCESSIBILITY_AUDIT", "")
if ACCESSIBILITY != "non" and not ACCESSIBILITY_AUDIT:
    raise ImproperlyConfigured(
        "TACT_ACCESSIBILITY declares what only an audit shows: say in TACT_ACCESSIBILITY_AUDIT by whom, when, how much."
    )

# Strict headers. In demonstration on plain http, cookies cannot be Secure: the switch follows TACT_HTTPS.
HTTPS = env.flag("TACT_HTTPS", PRODUCTION)
if PRODUCTION and not HTTPS:
    raise ImproperlyConfigured(
        "TACT_HTTPS=0 would send sessions in clear: in production Tact is served over https only."
    )
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "object-src": [NONE],
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
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
BEHIND_PROXY = env.flag("TACT_BEHIND_PROXY")
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# Over plain http, browsers know passkeys on localhost alone: fido2 is then spared the check of https.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrftoken"
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_NAME = "__Host-langue" if HTTPS else "django_language"
LANGUAGE_COOKIE_SECURE = HTTPS
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
# That somebody signed in here today; that somebody entered from this browser before. Neither names anybody.
SEEN_COOKIE_NAME = "__Host-seance" if HTTPS else "seance"
BROWSER_COOKIE_NAME = "__Host-appareil" if HTTPS else "appareil"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
DATA_UPLOAD_MAX_NUMBER_FILES = 2
FILE_UPLOAD_HANDLERS = ["config.uploads.Bounded"]

LOGGING_CONFIG = "config.logs.configure"
LOGGING = logging_settings(
    level=env.choice("LOG_LEVEL", ("DEBUG", "INFO", "WARNING", "ERROR"), "WARNING" if TACT_ENV == "test" else "INFO")
)
