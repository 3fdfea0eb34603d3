"""Makes the tables and fills them, once."""

from sqlalchemy import func, select

from .models import Base, Comment, Lesson, engine, sessions

LESSONS = 200
COMMENTS = 20


def main() -> None:
    """Leaves what is there as it is."""
    Base.metadata.create_all(engine)
    with sessions.begin() as session:
        if session.scalar(select(func.count(Lesson.id))):
            return
        for number in range(1, LESSONS + 1):
            session.add(Lesson(id=number, title=f"Lesson {number}", text="Water boils sooner on a mountain. " * 60))
        session.flush()
        for number in range(1, LESSONS + 1):
            session.add_all(Comment(lesson_id=number, text=f"Why is that? ({index})", words=4) for index in range(COMMENTS))


if __name__ == "__main__":
    main()
