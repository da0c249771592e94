"""What this installation, terminal and machine can do for Teleloupe, and what to do where they cannot.

Nothing here loads Textual; only `watching`, which has to try it, loads watchfiles.
"""
