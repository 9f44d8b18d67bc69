"""Which kind is each callback URL of an API, and what does its description leave open?

Pure: it reads an OpenAPI document and reports. `commands/explain.py` has the files.
"""
