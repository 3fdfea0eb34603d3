"""Everything that the environment says."""

import os

from sqlalchemy import URL


def database_url() -> URL:
    """Where the database is."""
    return URL.create(
        "mysql+pymysql",
        username=os.environ.get("DATABASE_USER", "app"),
        password=os.environ.get("DATABASE_PASSWORD"),
        host=os.environ.get("DATABASE_HOST", "127.0.0.1"),
        port=int(os.environ.get("DATABASE_PORT", "3306")),
        database=os.environ.get("DATABASE_NAME", "lessons"),
    )


def pool() -> dict[str, int | bool]:
    """How the pool of connections is set up."""
    return {
        "pool_size": int(os.environ.get("DB_POOL_SIZE", "10")),
        "max_overflow": int(os.environ.get("DB_MAX_OVERFLOW", "0")),
        "pool_timeout": int(os.environ.get("DB_POOL_TIMEOUT", "10")),
        "pool_recycle": int(os.environ.get("DB_POOL_RECYCLE", "1800")),
        "pool_pre_ping": os.environ.get("DB_POOL_PRE_PING", "false") == "true",
    }


def broker_url() -> str:
    """Where the task queue is."""
    return os.environ.get("CELERY_BROKER_URL", "redis://127.0.0.1:6379/1")
