"""The oldest announced sessions are found, so that they can be forgotten."""

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """By when they were announced."""
    name = "ix_announced_sessions_announced_at"
    op.create_index(name, "announced_sessions", ["announced_at"])
