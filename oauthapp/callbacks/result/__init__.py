"""The callback_url: a server tells the result of a job that we asked it for."""
