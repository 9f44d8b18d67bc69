"""Commits that were pushed, and what each client says about them."""

from dataclasses import dataclass

from sqlalchemy import Connection
from sqlalchemy import insert
from sqlalchemy import select
from sqlalchemy import update

from oauthapp.database import insert_once
from oauthapp.database import padded
from oauthapp.schema.jobs import commit_statuses
from oauthapp.schema.jobs import commits


@dataclass(frozen=True, kw_only=True)
class Status:
    """What a client says about a commit."""

    client_id: str
    state: str
    description: str
    reported_at: float


@dataclass(frozen=True, kw_only=True)
class Commit:
    """Something that was pushed."""

    commit: str
    pushed_at: float
    statuses: tuple[Status, ...]


def keep_commit(
    connection: Connection, repository: str, commit: str, *, now: float
) -> None:
    """Keep that `commit` was pushed."""
    row = {"repository": repository, "commit": commit, "pushed_at": now}
    connection.execute(insert(commits), row)


def is_known(connection: Connection, repository: str, commit: str) -> bool:
    """Whether somebody pushed this commit."""
    same = (commits.c.repository == repository, commits.c.commit == commit)
    return connection.execute(select(commits.c.commit).where(*same)).first() is not None


def keep_status(
    connection: Connection, repository: str, commit: str, said: Status
) -> bool:
    """Keep a client's latest word about a commit: whether it says something new."""
    key = {"repository": repository, "commit": commit, "client_id": said.client_id}
    values = {
        "state": said.state,
        "description": said.description,
        "reported_at": said.reported_at,
    }
    if insert_once(connection, commit_statuses, {**key, **values}):
        return True
    same = [commit_statuses.c[name] == value for name, value in key.items()]
    differs = (commit_statuses.c.state != said.state) | (
        commit_statuses.c.description != said.description
    )
    statement = update(commit_statuses).where(*same, differs).values(values)
    return connection.execute(statement).rowcount == 1


def latest(
    connection: Connection, repository: str, *, limit: int = 20
) -> tuple[Commit, ...]:
    """The newest commits first, with what was said about them."""
    wanted = (
        select(commits.c.commit, commits.c.pushed_at)
        .where(commits.c.repository == repository)
        .order_by(commits.c.pushed_at.desc(), commits.c.commit)
        .limit(limit)
    )
    rows = connection.execute(wanted).all()
    said = select(commit_statuses).where(
        commit_statuses.c.repository == repository,
        commit_statuses.c.commit.in_(padded([row.commit for row in rows])),
    )
    statuses: dict[str, list[Status]] = {}
    for row in connection.execute(said.order_by(commit_statuses.c.client_id)):
        one = Status(
            client_id=row.client_id,
            state=row.state,
            description=row.description,
            reported_at=row.reported_at,
        )
        statuses.setdefault(row.commit, []).append(one)
    return tuple(
        Commit(
            commit=row.commit,
            pushed_at=row.pushed_at,
            statuses=tuple(statuses.get(row.commit, ())),
        )
        for row in rows
    )
