"""Capture bins: addresses that record whatever comes, and answer as they were told."""
