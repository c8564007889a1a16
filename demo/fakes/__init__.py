"""Servers that answer as outside services do, faults included; standard library only."""
