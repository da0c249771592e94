"""Teleloupe's terminal: the Textual app and the `teleloupe` console script."""
