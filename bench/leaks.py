"""Does anything stay behind when 500 tests use the fixtures, two at a time?

    python -m bench.leaks                      # in the order of the file
    python -m bench.leaks -p randomly -p ...   # whatever else pytest is to be told

Each test uses one to four of the fixtures and looks at its process before and after:
threads, open files, listening ports and folders must be as many as before, and what one
test changed at its provider no other may see.
"""
