"""Lessons and their comments."""

from sqlalchemy import ForeignKey, String, Text, create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker

from . import settings


class Base(DeclarativeBase):
    """What all tables have in common."""


class Lesson(Base):
    """A page of text."""

    __tablename__ = "lessons"
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)


class Comment(Base):
    """What somebody wrote below a lesson."""

    __tablename__ = "comments"
    id: Mapped[int] = mapped_column(primary_key=True)
    lesson_id: Mapped[int] = mapped_column(ForeignKey("lessons.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    words: Mapped[int] = mapped_column(default=0)


engine = create_engine(settings.database_url(), **settings.pool())
sessions: sessionmaker[Session] = sessionmaker(engine)
