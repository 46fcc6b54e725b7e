"""The settings, for development and production alike; what differs comes from specapp.env."""

from kombu import Queue

from specapp import env

ROOT = env.ROOT
VAR = env.VAR
PRODUCTION = env.production()
env.check_production()
DEBUG = env.flag("DEBUG", default=False) and not PRODUCTION
SECRET_KEY = env.secret_key()
SITE_URL = env.site_url()
ALLOWED_HOSTS = env.words(
    "ALLOWED_HOSTS",
    default=None if PRODUCTION else f"localhost,127.0.0.1,[::1],{env.browsable_host()}",
    example="specs.example.org",
)
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS", default=SITE_URL)
ROOT_URLCONF = "specapp.urls"
WSGI_APPLICATION = "specapp.wsgi.application"

INSTALLED_APPS = [
    "reviews.apps.ReviewsConfig",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_htmx",
    "rest_framework",
    "drf_spectacular",
    "axes",
]

MIDDLEWARE = [
    "specapp.middleware.head_as_get",
    "specapp.middleware.security_headers",
    "django.middleware.security.SecurityMiddleware",
    "reviews.web.stored.StoredPages",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
    "reviews.web.sessions.Sessions",
    "reviews.web.requests.RefusalMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# --- Database -------------------------------------------------------------------------------------------------------
# manage.py says DATABASE_ROLE=owner for the commands that change the schema or the rights; all else is the application.
DATABASE_URL = env.database_url()
DATABASE_OWNER_URL = env.database_owner_url()
DATABASE_ROLE = env.text("DATABASE_ROLE", default="application")
DATABASES = {"default": env.database(DATABASE_OWNER_URL if DATABASE_ROLE == "owner" else DATABASE_URL)}
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DATABASES["default"]["OPTIONS"]["options"] = env.database_timeouts(
    DATABASES["default"]["OPTIONS"].get("options", ""), role=DATABASE_ROLE
)
if env.flag("DATABASE_POOL", default=True):
    DATABASES["default"]["OPTIONS"]["pool"] = {
        "min_size": 1,
        "max_size": env.number("DATABASE_POOL_SIZE", default=6),
        "timeout": 3,
    }
DATABASE_APPLICATION_ROLE = env.database(DATABASE_URL)["USER"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- People ---------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "reviews.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",  # refuses who is locked out, before a hash is computed
    "reviews.web.sign_in.LimitedBackend",
    "django.contrib.auth.backends.ModelBackend",  # only for sessions that began with it
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
PASSWORD_RESET_TIMEOUT = 60 * 60 * 24
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_CLIENT_IP_CALLABLE = "reviews.web.networks.client_network"  # a network has many addresses, an attacker all of them
AXES_RESET_ON_SUCCESS = True
AXES_USERNAME_FORM_FIELD = "username"  # what the forms call the address; else failures are counted for nobody
AXES_LOCKOUT_TEMPLATE = "registration/locked_out.html"
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

# --- Security -------------------------------------------------------------------------------------------------------
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
SECURE_SSL_REDIRECT = PRODUCTION and env.flag("SSL_REDIRECT", default=True)
SECURE_HSTS_SECONDS = env.number("HSTS_SECONDS", default=60 * 60 * 24 * 365) if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = PRODUCTION and env.flag("HSTS_SUBDOMAINS", default=False)
SECURE_HSTS_PRELOAD = PRODUCTION and env.flag("HSTS_PRELOAD", default=False)
# W005 and W021 ask for subdomains and preload. They bind the operator's whole domain for years, also what is not ours.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
BEHIND_PROXY = env.flag("BEHIND_PROXY", default=False)
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
DATA_UPLOAD_MAX_MEMORY_SIZE = 25 * 1024 * 1024
CSRF_FAILURE_VIEW = "reviews.web.views.refusals.csrf_failure"
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)

# --- Files ----------------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [ROOT / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": VAR / "files"}},
    "staticfiles": {
        "BACKEND": "specapp.static.NamedByContent"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
if not PRODUCTION:
    STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # else whitenoise warns; the finders read static/ itself
WHITENOISE_USE_FINDERS = not PRODUCTION
WHITENOISE_AUTOREFRESH = DEBUG

# --- Mail -----------------------------------------------------------------------------------------------------------
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.text(
    "MAIL_FROM", default=None if PRODUCTION else "specapp@localhost", example="specs@example.org"
)
# Who is told of jobs that failed for good; "" leaves it to the log.
OPERATOR_EMAIL = env.text("OPERATOR_EMAIL", default="")
EMAIL_FILE_PATH = VAR / "mail"
if PRODUCTION or env.text("EMAIL_URL", default=""):
    globals().update(env.mail(env.text("EMAIL_URL", example="smtp+tls://user:password@mail.example.org:587")))
else:
    EMAIL_BACKEND = "specapp.mail.ConsoleAndFileBackend"

# --- Jobs: the broker only wakes the workers, the rows of the outbox are what counts ----------------------------------
CELERY_BROKER_URL = env.broker_url()
CELERY_BROKER_CONNECTION_TIMEOUT = 2
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = (
    {
        "max_retries": 1,  # who promises a job does not wait for a broker that is down: the sweeper finds the row
        "interval_start": 0,
        "interval_step": 0,
        "visibility_timeout": 60,
        "unacked_restore_interval": 2,
        "unacked_restore_throttle": 1,
        "socket_connect_timeout": 2,
    }
    if CELERY_BROKER_URL.startswith(("redis", "valkey"))
    else {}
)
CELERY_IMPORTS = ["reviews.tasks.jobs"]
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_TIME_LIMIT = 330
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
# A worker serves all lanes unless -Q names those that it shall serve; reviews/jobs.py says which job is in which lane.
CELERY_TASK_QUEUES = [Queue(name, routing_key=name) for name in ("urgent", "pages", "bulk")]
CELERY_TASK_DEFAULT_QUEUE = "urgent"
# How often the sweeper looks. With the lease of a job it makes how long the job of a killed worker waits.
JOB_SWEEP_SECONDS = 3
# The only entry of the schedule needs no memory of when it ran, so that beat writes no file.
CELERY_BEAT_SCHEDULER = "celery.beat:Scheduler"
CELERY_BEAT_SCHEDULE = {
    "sweep": {"task": "reviews.sweep", "schedule": JOB_SWEEP_SECONDS, "options": {"expires": JOB_SWEEP_SECONDS}}
}

# --- API ------------------------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "reviews.api.auth.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticatedOrReadOnly"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "reviews.api.refusals.answer",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "specapp",
    "DESCRIPTION": "Specs, their clauses, what people say of them, and what is published.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "reviews.api.schema.add_common_responses",
    ],
    "ENUM_NAME_OVERRIDES": {
        "Role": "reviews.api.serializers.choices.ROLES",
        "Visibility": "reviews.api.serializers.choices.VISIBILITIES",
        "ThreadKind": "reviews.api.serializers.choices.THREAD_KINDS",
        "ThreadState": "reviews.api.serializers.choices.THREAD_STATES",
        "ThreadMove": "reviews.api.serializers.choices.THREAD_MOVES",
        "ChangeKind": "reviews.api.serializers.choices.CHANGE_KINDS",
        "ChangeRequest": "reviews.api.serializers.choices.CHANGE_REQUESTS",
        "PositionKind": "reviews.api.serializers.choices.POSITION_KINDS",
        "ProposalState": "reviews.api.serializers.choices.PROPOSAL_STATES",
    },
}

# --- Language, time, log --------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "lost_database": {"()": "specapp.middleware.ShortWhenDatabaseIsLost"},
        "hide_secrets": {"()": "specapp.logs.HideSecrets"},
    },
    "formatters": {
        "line": {"format": "{asctime} {levelname:<7} {name}: {message}", "style": "{", "datefmt": "%H:%M:%S"}
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["lost_database", "hide_secrets"]}
    },
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": ["console"], "level": "INFO", "propagate": False},
        "axes": {"level": "WARNING"},  # each sign-in would be four lines
        "psycopg.pool": {"level": "ERROR"},  # a lost database is said once for each request that needed it
    },
}

# Every process that knows the settings knows the broker: actions nudge it by name.
import specapp.celery  # noqa: E402, F401
