"""The commands that are more than starting a server, a file for each group."""
