"""What a picture of a badge is drawn from."""

from dataclasses import dataclass
from enum import StrEnum

# Of the picture that comes with the product, for providers without colours of their own.
COLOUR, SECOND_COLOUR = "#17407f", "#e0b04a"


class Frame(StrEnum):
    """What stands around the text."""

    DISC = "disc"
    HEXAGON = "hexagon"
    PLATE = "plate"


@dataclass(frozen=True)
class Drawing:
    """`symbol`: one of `symbols.SYMBOLS`. Colours as `#rrggbb`. `stars`: 1 to 3 of a level, 0 for none."""

    text: str
    symbol: str
    frame: Frame = Frame.DISC
    colour: str = COLOUR
    second_colour: str = SECOND_COLOUR
    stars: int = 0


class Unreadable(Exception):
    """Nobody could read the picture; the message is a sentence for the author."""
