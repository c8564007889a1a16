"""What a stranger may read."""


def masked(full_name: str) -> str:
    """« Camille D. » for « Camille Dupont »; the initial alone where there is a single name."""
    first, *others = full_name.split() or [""]
    if not others:
        return f"{first[:1]}."
    return f"{first} {others[-1][:1]}."
