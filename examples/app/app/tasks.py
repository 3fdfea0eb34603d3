"""Work that nobody waits for."""

import time

from celery import Celery
from celery.signals import before_task_publish

from . import settings

app = Celery("lessons", broker=settings.broker_url())
app.conf.task_ignore_result = True
app.conf.worker_prefetch_multiplier = 1


@before_task_publish.connect
def say_when(headers: dict[str, object], **_: object) -> None:
    """Puts the time into the message: `loadline check` tells from it how long the oldest task has waited."""
    headers["published_at"] = time.time()


@app.task
def count_words(comment: int) -> None:
    """Counts the words of a comment."""
    from .models import Comment, sessions

    with sessions.begin() as session:
        found = session.get(Comment, comment)
        if found is not None:
            found.words = len(found.text.split())
