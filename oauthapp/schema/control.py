"""The table that tests and demonstrations give orders by; each party has its own."""

from sqlalchemy import Column
from sqlalchemy import Double
from sqlalchemy import Integer
from sqlalchemy import MetaData
from sqlalchemy import Table
from sqlalchemy import Text

#: Faults that are to happen, each so many times.
armed_faults = Table(
    "armed_faults",
    MetaData(),
    Column("name", Text, primary_key=True),
    #: The client_id or the endpoint's URL it is meant for, "" for any.
    Column("target", Text, primary_key=True),
    Column("times", Integer, nullable=False),
    Column("armed_at", Double, nullable=False),
)
