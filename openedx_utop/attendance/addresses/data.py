"""What is said of the addresses of connections."""


class AddressKeyMissing(RuntimeError):
    """`UTOP_ADDRESS_KEYS` is empty or holds what is no key: nothing may be stored in the clear."""
