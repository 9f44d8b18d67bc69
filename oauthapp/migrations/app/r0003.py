"""The sessions of one user are found, so that there are not too many of them."""

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """The oldest session first."""
    op.create_index("app_sessions_of", "app_sessions", ["issuer", "sub", "created_at"])
