"""What other people’s tests work with; `pytest_plugin.py` hands it out."""
