"""The recorder's tables as the first release made them."""

from alembic import op

from oauthapp.migrations.first import FIRST

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make those that are not there yet."""
    FIRST["recorder"].create_all(op.get_bind())
