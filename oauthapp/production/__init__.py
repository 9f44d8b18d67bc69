"""One party served by several processes on one port, none held up by slow clients."""
