"""The letters of what we draw: certificates and pictures of badges."""

from pathlib import Path

# Of every version: what was drawn must keep its letters, so a new font is a file beside these.
FONTS = Path(__file__).parent
FAMILY = "Source Sans 3"
REGULAR = FONTS / "SourceSans3-Regular.otf"
SEMIBOLD = FONTS / "SourceSans3-Semibold.otf"
