"""Every setting, from the environment or the default beside it; docs/reference/settings.md names them all."""

import os
import secrets
from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

from congvu.config import databases

ROOT = Path(__file__).resolve().parents[3]
DEBUG = False

# Where the agency's data lies: truth file, keys, blobs, ledger, search index. One folder, one backup.
CONGVU_DATA = Path(os.environ.get("CONGVU_DATA", ROOT / "data")).resolve()
CONGVU_DATA.mkdir(parents=True, exist_ok=True)
# The database: empty for SQLite in the data folder, or postgresql://user:password@host:port/name.
CONGVU_DATABASE = os.environ.get("CONGVU_DATABASE", "")
# Where the law as data lies.
CONGVU_RULEBOOK = Path(os.environ.get("CONGVU_RULEBOOK", ROOT / "rulebook"))
# A second place for the last signed checkpoint, so that a restored backup cannot fork the log.
CONGVU_CHECKPOINT_COPY = Path(
    os.environ.get("CONGVU_CHECKPOINT_COPY", CONGVU_DATA.parent / f"{CONGVU_DATA.name}-checkpoints")
)
# Which witnesses must cosign our checkpoints (C2SP tlog-policy); empty means `witnesses.policy` beside that copy, so
# that who is asked is no part of what a backup restores.
CONGVU_WITNESS_POLICY = os.environ.get("CONGVU_WITNESS_POLICY", "")
# The public host name; it stands in the origin of every log and in Message-IDs.
CONGVU_HOST = os.environ.get("CONGVU_HOST", "localhost")
CONGVU_WEB_PORT = int(os.environ.get("CONGVU_WEB_PORT", "8000"))
CONGVU_WEB_ADDRESS = os.environ.get("CONGVU_WEB_ADDRESS", "127.0.0.1")
CONGVU_WEB_THREADS = int(os.environ.get("CONGVU_WEB_THREADS", "4"))
# HTTPS in front: cookies become secure, HSTS is sent.
CONGVU_HTTPS = os.environ.get("CONGVU_HTTPS", "") == "1"
# Where people find the pages, for links in letters.
CONGVU_URL = os.environ.get(
    "CONGVU_URL", f"https://{CONGVU_HOST}/" if CONGVU_HTTPS else f"http://{CONGVU_HOST}:{CONGVU_WEB_PORT}/"
)
# Web servers in front, each of which adds to X-Forwarded-For whom it heard; the lock-out counts by that address.
CONGVU_PROXIES = int(os.environ.get("CONGVU_PROXIES", "1" if CONGVU_HTTPS else "0"))
# The mail door.
CONGVU_SMTP_ADDRESS = os.environ.get("CONGVU_SMTP_ADDRESS", "127.0.0.1")
CONGVU_SMTP_PORT = int(os.environ.get("CONGVU_SMTP_PORT", "2525"))
CONGVU_SUBMISSION_PORT = int(os.environ.get("CONGVU_SUBMISSION_PORT", "2587"))
# Application passwords without TLS on a loopback address; a demonstration takes them in any case.
CONGVU_SMTP_PLAIN_AUTH = os.environ.get("CONGVU_SMTP_PLAIN_AUTH", "") == "1"
CONGVU_SMTP_CERTIFICATE = os.environ.get("CONGVU_SMTP_CERTIFICATE", "")
CONGVU_SMTP_KEY = os.environ.get("CONGVU_SMTP_KEY", "")
CONGVU_MESSAGE_LIMIT = int(os.environ.get("CONGVU_MESSAGE_LIMIT", str(50_000_000)))  # bytes
# Beside the agency's own mail server: where its Postfix hands mail in (host:port or the path of a socket; empty: no
# gate), and where its Dovecot takes it, both by LMTP.
CONGVU_LMTP = os.environ.get("CONGVU_LMTP", "")
CONGVU_DELIVERY_LMTP = os.environ.get("CONGVU_DELIVERY_LMTP", "")
# Where copies of what that Postfix took over are recorded (the journal), by LMTP; empty: none are.
CONGVU_JOURNAL = os.environ.get("CONGVU_JOURNAL", "")
# The log of that Dovecot, from which openings through IMAP are read; empty: none are.
CONGVU_DOVECOT_LOG = os.environ.get("CONGVU_DOVECOT_LOG", "")
# Whom signatures of mail are believed: a folder of certificates; empty means `trust` among the data.
CONGVU_TRUST = os.environ.get("CONGVU_TRUST", "")
# Whether authorities are asked over the network if a certificate was revoked: off; lists; all (answers by OCSP, too).
CONGVU_REVOCATION = os.environ.get("CONGVU_REVOCATION", "lists")
# Hosts of the inside that may be asked about that, commas between; others must have a public address.
CONGVU_REVOCATION_HOSTS = os.environ.get("CONGVU_REVOCATION_HOSTS", "")
# Time authorities (RFC 3161) that stamp each day's last checkpoint, the preferred one first, commas between.
CONGVU_TIME_AUTHORITY = os.environ.get("CONGVU_TIME_AUTHORITY", "")
# The file of certificates (PEM) that are believed for time: roots, and what stands between.
CONGVU_TIME_AUTHORITY_CERTIFICATES = os.environ.get("CONGVU_TIME_AUTHORITY_CERTIFICATES", "")
# The digest of stamps, sha256 or sha512: another one renews all evidence records with a new chain (RFC 4998).
CONGVU_TIME_AUTHORITY_DIGEST = os.environ.get("CONGVU_TIME_AUTHORITY_DIGEST", "sha256")
# How many days before its certificate ends a stamp is renewed.
CONGVU_TIME_AUTHORITY_RENEWAL = int(os.environ.get("CONGVU_TIME_AUTHORITY_RENEWAL", "180"))
# The PKCS#11 module through which officials sign with smart cards or a hardware module; empty means files only.
CONGVU_PKCS11_MODULE = os.environ.get("CONGVU_PKCS11_MODULE", "")
# What becomes of mail that its author's domain disowns: observe, mark (the reader is told), refuse (where asked).
CONGVU_DMARC = os.environ.get("CONGVU_DMARC", "mark")
# For what an attached file is refused, at the door and in the browser: words of mail.attaching.concerns.
CONGVU_ATTACHMENTS_REFUSED = os.environ.get("CONGVU_ATTACHMENTS_REFUSED", "virus")
# Where ClamAV's daemon listens: a socket's path, or host:port; empty: nobody is asked.
CONGVU_CLAMD = os.environ.get("CONGVU_CLAMD", "")
# What one account may send: messages an hour, recipients a day; 0 is no limit.
CONGVU_LIMIT_MESSAGES = int(os.environ.get("CONGVU_LIMIT_MESSAGES", "200"))
CONGVU_LIMIT_RECIPIENTS = int(os.environ.get("CONGVU_LIMIT_RECIPIENTS", "2000"))
# More recipients outside than this stop the account: within ten minutes; within an hour from a new network. 0: never.
CONGVU_ALARM_OUTSIDE = int(os.environ.get("CONGVU_ALARM_OUTSIDE", "200"))
CONGVU_ALARM_NEW_NETWORK = int(os.environ.get("CONGVU_ALARM_NEW_NETWORK", "50"))
# Who is asked about other domains: name servers, commas between; empty: the system's; off: nobody.
CONGVU_DNS = os.environ.get("CONGVU_DNS", "")
# The relay for mail to others; empty means that mail to others waits in the queue.
CONGVU_RELAY_HOST = os.environ.get("CONGVU_RELAY_HOST", "")
CONGVU_RELAY_PORT = int(os.environ.get("CONGVU_RELAY_PORT", "25"))
CONGVU_RELAY_USER = os.environ.get("CONGVU_RELAY_USER", "")
CONGVU_RELAY_PASSWORD = os.environ.get("CONGVU_RELAY_PASSWORD", "")
CONGVU_ANSWER_DAYS = int(os.environ.get("CONGVU_ANSWER_DAYS", "3"))  # for a server's delivery report
CONGVU_RELAY_STARTTLS = os.environ.get("CONGVU_RELAY_STARTTLS", "1") == "1"
# Domains whose mail is certified (PEC), commas between: there a receipt is awaited within 12 and 24 hours.
CONGVU_CERTIFIED_DOMAINS = os.environ.get("CONGVU_CERTIFIED_DOMAINS", "")
# Agencies' certificates for receipts that are sent: a folder of <agency>.p12, and the passphrase that opens them.
CONGVU_SEALS = os.environ.get("CONGVU_SEALS", "")
CONGVU_SEAL_PASSPHRASE = os.environ.get("CONGVU_SEAL_PASSPHRASE", "")

# Where alarms about the evidence go beside the administrators' own mailboxes, commas between: addresses elsewhere.
CONGVU_OPERATOR_ADDRESS = os.environ.get("CONGVU_OPERATOR_ADDRESS", "")
# What a monitoring system shows to read /metrics (Authorization: Bearer ...); empty: there is no such page.
CONGVU_METRICS_TOKEN = os.environ.get("CONGVU_METRICS_TOKEN", "")
# The largest photo or document that comes with a petition, in bytes.
CONGVU_PETITION_FILE_LIMIT = int(os.environ.get("CONGVU_PETITION_FILE_LIMIT", str(20_000_000)))
# How many forms a minute one network address may send to the public forms; 0 is no limit.
CONGVU_PETITION_PACE = int(os.environ.get("CONGVU_PETITION_PACE", "60"))
# The pictures of the public map: a folder of zoom/column/row.png, or the address of the agency's own server with {z},
# {x} and {y} in it; empty: points stand on an empty ground.
CONGVU_TILES = os.environ.get("CONGVU_TILES", "")


def _origin(address: str) -> list[str]:
    """Return the origin of an address of the web, for the policy of pages; nothing of a folder."""
    parts = urlsplit(address)
    return [f"{parts.scheme}://{parts.netloc}"] if parts.scheme in {"http", "https"} else []


def _secret() -> str:
    """Return the installation's secret, made on first use and kept beside the data."""
    path = CONGVU_DATA / "secret"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(50))
        file.flush()
        os.fsync(file.fileno())
    return path.read_text().strip()


SECRET_KEY = os.environ.get("CONGVU_SECRET") or _secret()
ALLOWED_HOSTS = [CONGVU_HOST, "localhost", "127.0.0.1", "[::1]"]
ROOT_URLCONF = "congvu.config.urls"
WSGI_APPLICATION = "congvu.config.wsgi.application"
CONGVU_HOLDERS = [  # whoever keeps anything of a record; who knows records stands first, what they leave behind last
    "congvu.mail.holder.Letters",
    "congvu.petitions.holder.Petitions",
    "congvu.rules.holder.Duties",
    "congvu.conduct.holder.Words",
    "congvu.desk.holder.Notices",
    "congvu.mail.holder.Search",
    "congvu.petitions.holder.Search",
    "congvu.ledger.disposal.own.Disclosures",
    "congvu.ledger.disposal.own.Files",
]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "congvu.base",
    "congvu.ui",
    "congvu.ledger",
    "congvu.directory",
    "congvu.rules",
    "congvu.mail",
    "congvu.petitions",
    "congvu.conduct",
    "congvu.desk",
    "congvu.portal",
]
# ui stands before allauth in the search for templates: its pages carry our dress.
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "congvu.config.middleware.Packed",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "congvu.config.middleware.ReadOnlyPage",
    "congvu.config.middleware.RulebookPage",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "congvu.config.middleware.ReaderZone",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "src" / "congvu" / "ui" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "congvu.config.context.page",
            ],
        },
    }
]

DATABASES = {"default": databases.database(CONGVU_DATABASE, folder=CONGVU_DATA)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "directory.Account"
AUTHENTICATION_BACKENDS = ["congvu.directory.web.backend.SeatedBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "desk:day"
ACCOUNT_ADAPTER = "congvu.directory.web.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False  # offices share computers
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_RATE_LIMITS = {"login": "60/m/ip", "login_failed": "10/m/ip,5/5m/key"}
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
ALLAUTH_TRUSTED_PROXY_COUNT = CONGVU_PROXIES
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Congvu"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not CONGVU_HTTPS
USERSESSIONS_TRACK_ACTIVITY = True
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = CONGVU_HTTPS
SESSION_COOKIE_SAMESITE = "Lax"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": CONGVU_DATA / "cache",
    }
}

LANGUAGE_CODE = "en"  # what a sentence that is not translated yet falls back to
LANGUAGES = [("vi", _("Vietnamese")), ("kk", _("Kazakh")), ("ru", _("Russian")), ("en", _("English"))]
FORMAT_MODULE_PATH = "congvu.config.formats"
# What our packages say wins over Django and django-allauth, and `borrowed` over what those leave out or say wrongly.
LOCALE_PATHS = [
    *sorted(Path(__file__).parents[1].glob("*/locale")),
    Path(__file__).parents[1] / "ui" / "borrowed" / "locale",
]
USE_I18N = USE_TZ = True
TIME_ZONE = "Asia/Ho_Chi_Minh"

STATIC_URL = "/static/"
STATIC_ROOT = CONGVU_DATA / "static"
STATIC_ROOT.mkdir(exist_ok=True)  # empty unless collected; whitenoise then finds the files in their packages
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 3600
DATA_UPLOAD_MAX_MEMORY_SIZE = 5_000_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FILES = 50

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if CONGVU_HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if CONGVU_HTTPS else None
X_FRAME_OPTIONS = "SAMEORIGIN"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:", *_origin(CONGVU_TILES)],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-src": [SELF],
        "frame-ancestors": [SELF],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    }
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"stderr": {"class": "logging.StreamHandler"}},
    "loggers": {"django.request": {"level": "ERROR"}},  # a page that is not there is nobody's fault
    "root": {"handlers": ["stderr"], "level": os.environ.get("CONGVU_LOG_LEVEL", "WARNING")},
}
