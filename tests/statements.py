"""Which statements an engine is told: each text is prepared, and kept, for itself."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine
from sqlalchemy import event


@contextmanager
def told_to(engine: Engine) -> Iterator[set[str]]:
    """Their texts, each once, until the block ends."""
    texts = set[str]()

    def note(_connection: Any, _cursor: Any, text: str, *_rest: Any) -> None:
        texts.add(text)

    event.listen(engine, "before_cursor_execute", note)
    yield texts
    event.remove(engine, "before_cursor_execute", note)
