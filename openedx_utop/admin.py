"""Django's door to every domain's admin."""
