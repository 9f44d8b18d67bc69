"""The newest deliveries are found without looking at all of them."""

from alembic import op
from sqlalchemy import ColumnElement
from sqlalchemy import literal_column

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """As the list of deliveries is ordered."""
    newest_first: ColumnElement[float] = literal_column("created_at DESC")
    op.create_index("events_newest", "events", [newest_first, "message_id"])
