"""Teleloupe's library: bytes become documents, documents a snapshot, a snapshot and a query a table."""

__version__ = "0.1.0"
