"""Symbols of badges: strokes in a square of 24, and the names under which an author chooses them."""

from django.utils.translation import gettext_lazy as _

SYMBOLS = {
    "check": (_("Check mark"), "M4 13 10 19 20 6"),
    "star": (_("Star"), "M12 3 14.8 9 21 9.7 16.4 14 17.7 20.5 12 17.2 6.3 20.5 7.6 14 3 9.7 9.2 9Z"),
    "book": (_("Book"), "M12 6C9 4 6 4 3 5V19C6 18 9 18 12 20C15 18 18 18 21 19V5C18 4 15 4 12 6ZM12 6V20"),
    "bulb": (_("Light bulb"), "M9 18C9 15 5.5 14 5.5 9.5A6.5 6.5 0 0 1 18.5 9.5C18.5 14 15 15 15 18ZM10 21.5H14"),
    "screen": (_("Computer"), "M3 4H21V16H3ZM12 16V20M8 20H16"),
    "phone": (
        _("Phone"),
        "M8 2.5H16Q17.5 2.5 17.5 4V20Q17.5 21.5 16 21.5H8Q6.5 21.5 6.5 20V4Q6.5 2.5 8 2.5ZM11.5 18H12.5",
    ),
    "people": (
        _("People"),
        "M8.5 4a3.5 3.5 0 1 1-.1 0ZM2 20Q2 14 8.5 14T15 20M16 4.3A3.5 3.5 0 0 1 16 10.7M18 14.5Q22 16 22 20",
    ),
    "speech": (_("Speech bubble"), "M3 4H21V16H12L7 20.5V16H3ZM8 10H8.1M12 10H12.1M16 10H16.1"),
    "chart": (_("Chart"), "M3 3V21H21M7.5 17V12M12 17V7M16.5 17V10"),
    "shield": (
        _("Shield"),
        "M12 2.5 20 5.5V12C20 16.5 16.5 20 12 21.5C7.5 20 4 16.5 4 12V5.5ZM8.5 12 11 14.5 15.5 9.5",
    ),
    "tools": (
        _("Tools"),
        "M14 7A4.5 4.5 0 0 1 20 3L17 6 18 7 21 4A4.5 4.5 0 0 1 16 10.5L7 20.5A2 2 0 0 1 3.5 17L14 7Z",
    ),
    "leaf": (_("Leaf"), "M5 20C4 10 9 4 20 4C20.5 14 16 20 7.5 17.5M5 20C7 15 10 12 14 10"),
    "heart": (
        _("Heart"),
        "M12 20C4 14.5 2.5 11 2.5 8.5A4.7 4.7 0 0 1 12 7A4.7 4.7 0 0 1 21.5 8.5C21.5 11 20 14.5 12 20Z",
    ),
    "none": (_("No symbol"), ""),
}
