"""The provider's misbehaviour: one table for each kind of answer, from the name of a
fault to the one function that spoils a good answer.

The rules that a client must enforce against each stand in `oauthapp/faults/`.
"""
