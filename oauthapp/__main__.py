"""`oauthapp`, and `python -m oauthapp`, which does the same."""

from oauthapp.starting import keeping_all

with keeping_all():
    from oauthapp.cli import main

if __name__ == "__main__":
    main()
