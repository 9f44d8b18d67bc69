"""The tables of the first revisions: copies of `schema/`, frozen then.

They are never edited: from here, databases made before there were histories go on.
"""

from collections.abc import Mapping

from sqlalchemy import MetaData

from oauthapp.migrations.first.app import app_tables
from oauthapp.migrations.first.recorder import recorder_tables
from oauthapp.migrations.first.sender import provider_tables

#: By the name of the history.
FIRST: Mapping[str, MetaData] = {
    "app": app_tables,
    "provider": provider_tables,
    "recorder": recorder_tables,
}
