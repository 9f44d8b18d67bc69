"""What Alembic runs to go through a history, in the transaction it is given."""

from alembic import context

given = context.config.attributes

context.configure(
    connection=given["connection"],
    version_table=given["version_table"],
    # SQLite changes a column by making its table anew.
    render_as_batch=True,
)
context.run_migrations()
