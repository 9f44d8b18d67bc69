"""Our own API as OpenAPI 3.1: a YAML file for each area of each party.

A new route is described in a file of `app/` or `provider/`, below `paths`; a test
compares both with the routes there are.
"""
