"""A directory to try Teleloupe on: all five formats, each ailment of a checksum once, and a writer that keeps it alive.

Everything is made by the formats' own writers, the same for the same seed.
"""
