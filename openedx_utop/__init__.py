"""Vocational training that is proved: attendance, sector tracks and Open Badges for Open edX."""

__version__ = "0.1.0"
