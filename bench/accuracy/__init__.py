"""How close the counted time comes to the time that somebody was there, on synthetic visits."""

from bench.accuracy.report import figures

__all__ = ["figures"]
