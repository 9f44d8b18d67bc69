"""`python -m oauthapp` does what `oauthapp` does."""

from oauthapp.cli import main

main()
