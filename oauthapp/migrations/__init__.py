"""How a database that an older version made becomes one of today's, losing nothing.

Each set of tables has a history of its own: a folder of revisions here, and a table
that says how far the database is (`version_store.py`). `oauthapp/schema/` says what
there is now, and a new database is made of that at once; the histories lead there from
the first revision on, and a test compares the two. So a change of the schema is made
twice: in `schema/`, with the number of the new revision, and as that revision.

A revision runs in one transaction with all others that are due, and no older process
need stop while it does, so it adds before a later release takes away. Tables that two
parties may have in one database (`armed_faults`) are changed only if not yet changed.
"""
