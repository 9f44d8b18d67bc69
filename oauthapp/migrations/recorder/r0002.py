"""What calls share is kept as it comes, and put in order many calls at a time."""

from alembic import op
from sqlalchemy import Column
from sqlalchemy import Double
from sqlalchemy import Text

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Where it waits for that, without an index."""
    op.create_table(
        "new_call_links",
        Column("link", Text, nullable=False),
        Column("at", Double, nullable=False),
        Column("call_id", Text, nullable=False),
    )
