"""The RSA key of the tests, made once a run."""

from openedx_utop.badges.tokens import new_token_key

KEY = new_token_key()
