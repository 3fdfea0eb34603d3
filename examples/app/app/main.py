"""The web application."""

import asyncio
import html

from fastapi import FastAPI, HTTPException, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse
from sqlalchemy import select

from .models import Comment, Lesson, sessions
from .tasks import count_words

# A service elsewhere that every page asks: how long it takes, s.
ELSEWHERE_S = 0.02
LONGEST_COMMENT = 10_000

app = FastAPI()


@app.get("/health")
async def health() -> dict[str, str]:
    """Whether this process answers; it asks nobody."""
    return {"status": "ok"}


def page(number: int) -> str | None:
    """A lesson with its newest comments, as a page."""
    with sessions() as session:
        lesson = session.get(Lesson, number)
        if lesson is None:
            return None
        newest = select(Comment).where(Comment.lesson_id == number).order_by(Comment.id.desc()).limit(20)
        items = "".join(f"<li>{html.escape(comment.text)}</li>" for comment in session.scalars(newest))
        return f"<h1>{html.escape(lesson.title)}</h1><p>{html.escape(lesson.text)}</p><ul>{items}</ul>"


@app.get("/lessons/{number}", response_class=HTMLResponse)
async def lesson(number: int) -> str:
    """A lesson."""
    await asyncio.sleep(ELSEWHERE_S)
    text = await run_in_threadpool(page, number)
    if text is None:
        raise HTTPException(404)
    return text


def add(number: int, text: str) -> int | None:
    """Adds a comment, and a task about it."""
    with sessions.begin() as session:
        if session.get(Lesson, number) is None:
            return None
        comment = Comment(lesson_id=number, text=text)
        session.add(comment)
        session.flush()
        made = comment.id
    count_words.delay(made)
    return made


@app.post("/lessons/{number}/comments", status_code=201)
async def comment(number: int, request: Request) -> dict[str, int]:
    """A new comment below a lesson."""
    body = await request.body()
    if len(body) > LONGEST_COMMENT:
        raise HTTPException(413)
    made = await run_in_threadpool(add, number, body.decode(errors="replace"))
    if made is None:
        raise HTTPException(404)
    return {"id": made}
